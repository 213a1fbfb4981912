"""A workspace in which everything that anybody can type, upload or choose a name for holds a payload."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path

from icp_core.export.brand import Brand, keep_brand
from icp_core.facts import store
from icp_core.gather import correct, load
from icp_core.profile import hypotheses, versions
from icp_core.profile.compose import compose
from icp_core.profile.model import Disqualifier, Persona, Quote, Share, Statement
from icp_core.segments.conditions import Condition, Segment
from icp_core.voice import review
from icp_core.voice.collect import everything_said
from icp_core.voice.notes import ROLES, add_note
from icp_core.workspace import Workspace
from tests.core.gather.files import docx_bytes
from tests.trust.payloads import endless

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" onload="alert(1)"><script>alert(2)</script>'
    b'<rect width="90" height="30"/><image href="http://elsewhere.invalid/b.png"/><text>zqsvg</text></svg>'
)


def _cells(*cells) -> str:
    return ",".join('"' + str(cell).replace('"', '""').replace("\x00", "") + '"' for cell in cells)


def files() -> dict[str, bytes]:
    """Uploads with payloads as names of files, headings, values, speakers and words."""
    told = endless()
    hot = lambda: next(told)  # noqa: E731
    industries, own = [hot() for _ in range(5)], [hot() for _ in range(3)]
    names = [f"{hot()} {i}" for i in range(120)]
    customers = [
        _cells("Account ID", "Company name", "Industry", "Country", "Customer since", "Status", *own)
    ]
    orders = [_cells("Order ID", "Account ID", "Order date", "Order total", "Currency", "Product")]
    answers = [
        _cells("Response ID", "Company", "Date", "How likely are you to recommend us? (0-10)", "Comment",
               f"Which of these {hot()} do you use?", f"What else? {hot()}")
    ]  # fmt: skip
    deals = [_cells("Deal ID", "Account ID", "Deal name", "Stage", "Amount", "Create date", "Close date", "Lost reason", "Lead source")]  # fmt: skip
    tickets = [_cells("Ticket ID", "Account ID", "Created", "Subject", "Priority")]
    options = [hot().replace(";", " ") for _ in range(3)]
    for i, name in enumerate(names):
        since, left = f"202{i % 4}-03-01", "Churned" if i % 4 == 3 else "Active"
        customers.append(_cells(f"A{i}", name, industries[i % 5], "Germany", since, left, own[i % 3], i % 7, options[i % 3]))  # fmt: skip
        for k in range(1 + i % 3):
            worth = 100 + 900 * (i % 5 == 0)
            orders.append(_cells(f"O{i}-{k}", f"A{i}", f"2025-0{1 + k}-1{i % 9}", worth, "EUR", hot()))
        said = f"We had a problem with {hot()} and lost three hours, we want it to be faster"
        answers.append(_cells(f"R{i}", name, "2025-05-02", (i * 3) % 11, said, options[i % 3], hot()))
        stage = "Closed lost" if i % 3 else "Closed won"
        deals.append(_cells(f"D{i}", f"A{i}", hot(), stage, 900, "2024-11-02", "2025-01-15", hot() if i % 3 else "", options[i % 3]))  # fmt: skip
        tickets.append(_cells(f"T{i}", f"A{i}", "2025-04-01", hot(), options[i % 3]))
    leads = [_cells("Lead company", "Industry", "Country", own[0])]
    leads += [_cells(f"{hot()} GmbH {i}", industries[i % 5], "Germany", own[1]) for i in range(30)]
    speaker = ("Interviewer", "Anna Quilla")
    turns = [
        f"{speaker[i % 2]}: We lost eleven hours with {hot()}, every single week of it." for i in range(12)
    ]
    tables = {"![zqimg](x) <b>zqtag</b> customers.csv": customers, "orders :red[zqred].csv": orders,
              "answers $x$ `zqcode`.csv": answers, "deals **zqbold**.csv": deals, "tickets [zqlink](b).csv": tickets,
              "leads =1+1 <i>x.csv": leads}  # fmt: skip
    found = {name: ("\n".join(rows) + "\n").encode() for name, rows in tables.items()}
    clean = [t.replace("\x00", "").replace("\x07", "").replace("\x1b", "") for t in turns]
    cues = ["WEBVTT", ""]
    for i in range(12):
        who = ("Ms **zqbold**", "Mr :red[zqred] $x$")[i % 2]
        cues += [
            f"00:00:{4 * i:02}.000 --> 00:00:{4 * i + 3:02}.000",
            f"<v {who}>We lost eleven hours with {turns[i][20:].splitlines()[0]}",
            "",
        ]
    return found | {
        "interview **zqbold** <script>.docx": docx_bytes(clean),
        "call [zqlink](x).vtt": "\n".join(cues).encode(),
    }


def make(path: Path) -> None:
    """Write the workspace: everything loaded, and a payload in everything a person can decide or write."""
    told = itertools.islice(endless(), 5, None)
    hot = lambda: next(told)  # noqa: E731
    folder = path.parent / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    with Workspace.open(path, clock=lambda: datetime(2026, 1, 1)) as workspace:
        for i, (name, content) in enumerate(files().items()):
            upload = folder / f"{i}{Path(name).suffix}"
            upload.write_bytes(content)
            told_kind = {"0": {"kind": "prospects"}} if name.startswith("leads") else None
            assert load.import_preview(
                workspace, load.preview(workspace, upload, name, corrections=told_kind)
            )
        facts = store.refresh(workspace)
        _decide(workspace, facts, hot)
        facts = store.refresh(workspace)
        _write_profile(workspace, facts, hot)
        workspace.back_up()


def _decide(workspace: Workspace, facts, hot) -> None:
    for attribute in facts.attributes():
        workspace.decide("attribute", attribute.name, {"label": hot(), "known_before": True})
    customers = facts.frame["customer_id"].tolist()
    for customer, side in zip(customers[:6], ("in", "in", "in", "out", "out", "out"), strict=True):
        workspace.decide("pin", customer, {"side": side, "note": hot()})
    for i in range(6):
        add_note(workspace, hot() + " they lost hours", role=ROLES[i % len(ROLES)], customer_id=customers[i])
    pair = (customers[7], customers[8])
    workspace.decide("merge", "\x1f".join(pair), {"left": pair[0], "right": pair[1], "verdict": "different"})
    [(first, column), *_] = workspace.cursor().execute(
        "SELECT import_id, file_name FROM imports WHERE kind = 'customers'"
    ).fetchall()  # fmt: skip
    assert column
    table = correct.looked_at(workspace, first, {})
    own = next(c.name for c in table.recognition.columns if c.field is None)
    correct.correct_import(workspace, first, {"columns": {own: {"type": "text"}}})
    texts = everything_said(workspace)
    for verbatim, text in texts[["verbatim_id", "text"]].head(8).itertuples(index=False):
        review.add_code(workspace, verbatim, text, "pain", author=hot())
    keep_brand(workspace, Brand(logo=LOGO))
    workspace.set_setting("zq", hot())


def _write_profile(workspace: Workspace, facts, hot) -> None:
    industry = next(a.name for a in facts.criteria() if facts.catalogue[a.name].kind == "category")
    level = facts.catalogue[industry].levels[0]
    criteria = Segment((Condition(industry, "is_any_of", [level]),), hot())
    for i in range(3):
        name = " ".join(f"{hot()} {i}".split())
        named = Segment((Condition(industry, "is_any_of", [level]),), name)
        workspace.decide("segments", name, named.to_dict() | {"note": hot()}, author=hot())
    workspace.decide("icp", "criteria", criteria.to_dict())
    for section in ("", *list(hypotheses.SECTION_TITLES)[:4]):
        hypotheses.enter(workspace, hot(), section=section)
    hypotheses.enter(workspace, hot(), segment=criteria)
    profile, _ = compose(workspace, facts, criteria)
    own = Statement(text=hot(), edited=True)
    personas = [Persona(**{name: hot() for name in Persona.model_fields}) for _ in range(2)]
    for persona in personas:
        workspace.decide("persona", persona.name, persona.model_dump())
    meta = profile.meta.model_copy(
        update={"name": hot(), "company": hot(), "offer": hot(), "author": hot(), "note": hot()}
    )
    written = profile.model_copy(
        update={
            "meta": meta,
            "statement": profile.statement.model_copy(update={"text": hot(), "edited": True}),
            "jobs": [*profile.jobs, profile.jobs[0].model_copy(update={"text": hot()})] if profile.jobs else [],
            "values": [own], "objections": [Statement(text=hot())], "channels": [Share(text=hot(), share=0.4)],
            "personas": personas, "quotes": [*profile.quotes, Quote(text=hot(), role=hot(), source=hot())],
            "disqualifiers": [*profile.disqualifiers, Disqualifier(words=hot(), why=hot())],
            "open_questions": [hot()], "warnings": [hot()],
        }
    )  # fmt: skip
    written = written.model_copy(
        update={
            "messaging": written.messaging.model_copy(update={"say": [Statement(text=hot(), edited=True)]})
        }
    )
    for _ in range(2):
        versions.save(workspace, written, note=hot(), author=hot())
    versions.keep_draft(workspace, written)
    workspace.decide(versions.REVIEW_TRIGGER, "0", "A milestone: round, market, team")
