"""What an installation brings is pinned, listed, and under a licence that asks no more than ours."""

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from docs.list_licences import FILE, Package, installed_along, packages, page

ROOT = Path(__file__).resolve().parents[2]


def pinned():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"([\w.-]+)==(\S+)", line) for line in lines if line and not line.startswith("#")]
    assert all(found), "constraints.txt holds exact versions only"
    return {canonicalize_name(m[1]): m[2] for m in found}


def test_every_package_an_installation_brings_is_pinned():
    pins = pinned()

    assert [p.name for p in packages() if p.name not in pins] == []


def test_nothing_is_pinned_that_is_not_needed():
    needed = {p.name for p in packages()}

    assert sorted(pinned().keys() - needed) == []


def test_every_licence_is_compatible_and_listed():
    found = packages()

    assert [f"{p.name}: {p.licence}" for p in found if not p.is_compatible] == []
    assert FILE.read_text(encoding="utf-8") == page(found), "run python docs/list_licences.py"


@pytest.mark.parametrize(
    ("licence", "fits"),
    [("MIT", True), ("LGPL-2.1-only", True), ("GPL-3.0-only", False), ("AGPL-3.0", False), ("GNU Affero", False), ("", False)],
)  # fmt: skip
def test_a_licence_that_asks_more_is_refused(licence, fits):
    assert Package("x", "1", licence, True).is_compatible == fits


def test_no_package_of_the_app_is_installed_from_elsewhere():
    """Everything comes from the package index under its name; no address in the requirements."""
    for name in installed_along(frozenset({"test"})):
        for need in metadata.requires(name) or ():
            assert " @ " not in need and "://" not in need, (name, need)
