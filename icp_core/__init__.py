"""ICP Workbench: find the Ideal Customer Profile in a company's own data.

The public names, loaded when first used so that small jobs (reading a file in a child process) start fast:

>>> import icp_core
>>> icp_core.Segment((icp_core.Condition("employees", "at_least", 50),)).to_query()
'[["employees","at_least",50.0]]'
"""

from importlib import import_module

_PUBLIC = {
    "Workspace": "icp_core.workspace",
    "IcpError": "icp_core.errors",
    "read_file": "icp_core.gather.read",
    "preview": "icp_core.gather.load",
    "import_preview": "icp_core.gather.load",
    "undo_import": "icp_core.gather.load",
    "reconciliation": "icp_core.gather.reconcile",
    "Facts": "icp_core.facts.catalogue",
    "facts_from_frame": "icp_core.facts.catalogue",
    "refresh": "icp_core.facts.store",
    "load_facts": "icp_core.facts.store",
    "Condition": "icp_core.segments.conditions",
    "Segment": "icp_core.segments.conditions",
    "dashboard": "icp_core.segments.dashboard",
    "discover": "icp_core.segments.discover",
    "Profile": "icp_core.profile.model",
    "draft": "icp_core.profile.draft",
    "validate": "icp_core.profile.validate",
    "one_pager": "icp_core.export.pdf",
    "workbook": "icp_core.export.workbook",
    "markdown": "icp_core.export.markdown",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str):
    if name not in _PUBLIC:
        raise AttributeError(f"module 'icp_core' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return __all__
