"""A change after which every customer is measured anew, done beside the page: large workspaces take seconds."""

from __future__ import annotations

from collections.abc import Callable

from icp_core.facts import store
from icp_core.workspace import Workspace
from pages.components import long_work

_CHANGED_SHARE = 0.4


def change_and_measure(
    workspace: Workspace, what: tuple[str, ...], title: str, change: Callable[[], object], *, can_stop: bool = True
) -> bool:  # fmt: skip
    """Make a change and measure every customer anew, all or nothing; False after it was stopped.

    ``what`` names the change: while it runs, a second run of the page that asks for the same one waits for the
    first. ``can_stop`` is False where the control on the page would ask for the change again at once.
    """

    def do(work: long_work.Work) -> None:
        with workspace.transaction(checkpoint=True):
            work.tell(0.0, title)
            change()
            store.refresh(
                workspace,
                progress=lambda share, words: work.tell(_CHANGED_SHARE + (1 - _CHANGED_SHARE) * share, words),
            )

    work = long_work.begin((str(workspace.path), "change", *what), title, do, can_stop=can_stop)
    long_work.watch(work)
    long_work.forget(work.key)
    if work.error is not None and not work.was_stopped:
        raise work.error
    return not work.was_stopped
