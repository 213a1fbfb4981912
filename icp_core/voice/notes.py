"""What the team heard: notes loaded from files and notes typed in, as one table."""

from __future__ import annotations

import hashlib
from datetime import date

import pandas as pd

from icp_core.errors import IcpError
from icp_core.gather.records import frame
from icp_core.workspace import Workspace

TOPIC = "note"
ROLES = ("Sales", "Support", "Customer success", "Product", "Marketing", "Founder", "Other")
TYPED, LOADED = "typed in", "loaded"


def add_note(
    workspace: Workspace,
    text: str,
    *,
    role: str,
    customer_id: str | None = None,
    author: str = "",
    noted_on: date | None = None,
) -> str:
    """Keep a note; returns its key. The same words of the same day about the same customer are kept once.

    Raises
    ------
    IcpError
        The note is empty.
    """
    text = " ".join(text.split())
    if not text:
        raise IcpError("The note is empty. Write what was said, then keep it.")
    day = (noted_on or workspace.clock().date()).isoformat()
    basis = "\x1f".join([day, customer_id or "", text.lower()])
    key = f"{day}-{hashlib.sha1(basis.encode(), usedforsecurity=False).hexdigest()[:10]}"
    value = {"note": text, "author_role": role, "customer_id": customer_id, "noted_on": day}
    workspace.decide(TOPIC, key, value, author=author)
    return key


def remove_note(workspace: Workspace, key: str) -> None:
    """Take a typed note back; loaded ones go with their file on the Data page."""
    workspace.withdraw(TOPIC, key)


def typed_notes(workspace: Workspace) -> pd.DataFrame:
    """Notes typed in, oldest first: key, customer_id, noted_on, author, author_role, note."""
    rows = [
        (
            d.key,
            d.value.get("customer_id"),
            d.value.get("noted_on"),
            d.author or None,
            d.value.get("author_role"),
            d.value["note"],
        )
        for d in workspace.decisions(TOPIC)
    ]
    table = pd.DataFrame(
        rows, columns=["key", "customer_id", "noted_on", "author", "author_role", "note"], dtype=object
    )
    return table.assign(noted_on=pd.to_datetime(table["noted_on"]))


def team_notes(workspace: Workspace) -> pd.DataFrame:
    """All notes, loaded ones first: customer_id, noted_on, author, author_role, note, topic, origin, key.

    ``origin`` is "loaded" or "typed in"; ``key`` names a typed note, blank for loaded ones.
    """
    loaded = frame(workspace, "notes")
    columns = ["customer_id", "noted_on", "author", "author_role", "note", "topic"]
    loaded = loaded.reindex(columns=columns).assign(origin=LOADED, key=None)
    typed = typed_notes(workspace).assign(topic=None, origin=TYPED)
    if typed.empty:
        return loaded
    return pd.concat([loaded.astype(object), typed.astype(object)], ignore_index=True).assign(
        noted_on=lambda f: pd.to_datetime(f["noted_on"])
    )
