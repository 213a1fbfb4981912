"""Write ``docs/licences.md``: what an installation brings along, and under which licence.

    python docs/list_licences.py

Everything that ``pip install -e '.[test]'`` installs, told by the metadata of the installed packages. Fails when
something is not installed or its licence is not known to be compatible.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "icp-workbench"
FILE = Path(__file__).with_name("licences.md")
# Words in a licence that do not ask more of a user of this program than its own licence (MIT) does. Weak copyleft
# (MPL, LGPL) is fine as long as the package is used as it comes, which is how pip installs it.
COMPATIBLE = ("MIT", "BSD", "Apache", "ISC", "PSF", "Zlib", "0BSD", "CC0", "MPL", "Mozilla", "LGPL", "Lesser General", "HPND", "Unlicense")  # fmt: skip
_REFUSED = ("GPL-2", "GPL-3", "GPLv", "AGPL", "Affero", "SSPL", "Commercial", "Proprietary")
# What the metadata do not say, read in the licence file of the package.
_READ_IN_FILE = {"axe-playwright-python": "MIT; axe-core inside: MPL-2.0"}
_HEAD = """# Licences of what is installed along

Written by `python docs/list_licences.py` from the metadata of the installed packages; `tests/trust/test_supply_chain.py`
fails when a package is missing here, is not pinned in `constraints.txt`, or has a licence that is not compatible with MIT.
Nothing is bundled with the program except the fonts in `icp_core/export/fonts` (SIL Open Font Licence, beside them).

| package | licence | for |
|---|---|---|
"""


@dataclass(frozen=True)
class Package:
    """An installed package, its licence in its own words, and whether the app or only the tests need it."""

    name: str
    version: str
    licence: str
    for_app: bool

    @property
    def is_compatible(self) -> bool:
        plain = self.licence.replace("LGPL", "L-G-P-L")
        return any(word in self.licence for word in COMPATIBLE) and not any(w in plain for w in _REFUSED)


def _own(extras: frozenset[str]) -> list[str]:
    """What ``pyproject.toml`` asks for."""
    project = tomllib.loads(FILE.parents[1].joinpath("pyproject.toml").read_text("utf-8"))["project"]
    more = [text for extra in extras for text in project["optional-dependencies"][extra]]
    return project["dependencies"] + more


def _needs(name: str, extras: frozenset[str]) -> list[Requirement]:
    """The direct requirements of an installed package on this machine."""
    told = _own(extras) if name == PROJECT else metadata.requires(name) or ()
    found = [Requirement(text) for text in told]
    return [
        one
        for one in found
        if one.marker is None
        or any(one.marker.evaluate({"extra": extra}) for extra in (extras or {""}) | {""})
    ]


def installed_along(extras: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """Names of all packages the project needs, directly and through others, with the extras asked of them."""
    found: dict[str, set[str]] = {}
    pending = [(PROJECT, extras)]
    while pending:
        name, wanted = pending.pop()
        for need in _needs(name, wanted):
            key = canonicalize_name(need.name)
            known = found.get(key)
            if known is None or not set(need.extras) <= known:
                found.setdefault(key, set()).update(need.extras)
                pending.append((need.name, frozenset(need.extras)))
    return found


def _licence(about: metadata.PackageMetadata) -> str:
    told = about.get("License-Expression")
    classified = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or () if c.startswith("License")]
    text = (about.get("License") or "").strip()
    short = text if text and len(text) < 60 and "Copyright" not in text else ""
    return told or short or ", ".join(classified) or _READ_IN_FILE.get(canonicalize_name(about["Name"]), "")


def packages() -> list[Package]:
    """Everything that an installation with tests brings, by name."""
    for_app = installed_along()
    found = []
    for name in sorted(for_app | installed_along(frozenset({"test"}))):
        about = metadata.metadata(name)
        found.append(Package(name, metadata.version(name), _licence(about), name in for_app))
    return found


def page(found: list[Package]) -> str:
    """The text of ``docs/licences.md``."""
    lines = [f"| {p.name} | {p.licence} | {'the app' if p.for_app else 'tests'} |" for p in found]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    found = packages()
    unknown = [p for p in found if not p.is_compatible]
    if unknown:
        raise SystemExit(
            f"Not known to be compatible: {', '.join(f'{p.name} ({p.licence})' for p in unknown)}"
        )
    FILE.write_text(page(found), encoding="utf-8")
    print(f"{len(found)} packages")
