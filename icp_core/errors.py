"""Every exception raised on purpose. Each message says what is wrong, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable


class IcpError(Exception):
    """The person at the keyboard can mend this; the message says how."""


class UnreadableFileError(IcpError):
    """A file could not be read at all: what was tried and what to do."""


class UnknownColumnError(IcpError):
    """A condition or a chart names an attribute that the customers do not have."""

    def __init__(self, column: str, known: Iterable[str]):
        self.column = column
        names = sorted(known)
        shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
        super().__init__(
            f"There is no attribute named “{column}”. Choose one of: {shown or 'none are loaded yet'}."
        )


class UnknownOperatorError(IcpError):
    """A saved segment uses a comparison this version does not know."""


class EmptySegmentError(IcpError):
    """Nobody matches; loosen a condition."""


class NotEnoughDataError(IcpError):
    """The data cannot carry this figure; the message says what would be enough."""


class WorkspaceError(IcpError):
    """The workspace file cannot be opened or written: locked, damaged, full disk, newer version."""


class WorkspaceLockedError(WorkspaceError):
    """Another process holds the workspace file."""


class WorkspaceDamagedError(WorkspaceError):
    """The file is not a readable workspace."""


class NewerWorkspaceError(WorkspaceError):
    """The file was written by a newer version of the workbench."""


class ReadOnlyError(WorkspaceError):
    """Somebody who may only look wanted to change something."""


class ImportRefusedError(IcpError):
    """A table cannot be loaded as asked; nothing was changed."""


class ExportError(IcpError):
    """A page or workbook could not be made."""
