"""A light touch of the user's own look on the page: a logo and two colours, kept readable."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace

from icp_core.charts.theme import LIGHT, Palette
from icp_core.errors import ExportError
from icp_core.export.logo import as_svg, safe_logo
from icp_core.workspace import Workspace

_LEAST_CONTRAST = 4.5
_TOPIC, _KEY, _PAPER = "brand", "look", "paper"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Brand:
    """``accent`` takes the place of teal, ``against`` that of rust (both "#rrggbb"); ``logo`` is a PNG, JPEG
    or SVG file's content, printed small at the top.
    """

    accent: str = LIGHT.ideal
    against: str = LIGHT.against
    logo: bytes | None = None

    def __post_init__(self):
        for colour in (self.accent, self.against):
            if not _HEX.fullmatch(colour):
                raise ExportError(f"“{colour}” is not a colour. Write it like #0B6E69.")

    def readable(self) -> tuple[Brand, list[str]]:
        """The brand with colours dark enough to read on white, and what was changed in plain words."""
        notes = []
        colours = []
        for colour in (self.accent, self.against):
            dark = readable_on(colour, LIGHT.paper)
            if dark != colour:
                notes.append(f"The colour {colour} is hard to read on white, so {dark} is used.")
            colours.append(dark)
        return Brand(*colours, logo=self.logo), notes

    def logo_svg(self) -> str | None:
        """The logo as one SVG without scripts and outside links; None without a logo."""
        return None if self.logo is None else as_svg(self.logo)

    def palette(self) -> Palette:
        """The light palette with the brand's colours, for the charts on the page."""
        return replace(LIGHT, ideal=self.accent, against=self.against)


def brand_of(workspace: Workspace) -> Brand:
    """The brand kept in a workspace; the app's own colours and no logo before."""
    kept = workspace.decision(_TOPIC, _KEY, {})
    logo = kept.get("logo")
    return Brand(
        kept.get("accent", LIGHT.ideal),
        kept.get("against", LIGHT.against),
        None if logo is None else base64.b64decode(logo),
    )


def paper_of(workspace: Workspace) -> str:
    """The paper chosen for this workspace: "a4" or "letter"."""
    return workspace.decision(_TOPIC, _PAPER, "a4")


def keep_paper(workspace: Workspace, paper: str) -> None:
    """Keep the paper for this workspace."""
    workspace.decide(_TOPIC, _PAPER, paper)


def keep_brand(workspace: Workspace, brand: Brand) -> Brand:
    """Keep the brand for this workspace and return it as kept: the logo made safe (see ``logo.safe_logo``).

    Raises
    ------
    ExportError
        A colour is none, or the logo cannot be used; nothing is kept then.
    """
    kept = replace(brand, logo=None if brand.logo is None else safe_logo(brand.logo))
    workspace.decide(
        _TOPIC,
        _KEY,
        {
            "accent": kept.accent,
            "against": kept.against,
            "logo": None if kept.logo is None else base64.b64encode(kept.logo).decode(),
        },
    )
    return kept


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 reckons it, 1 to 21.

    >>> round(contrast("#FFFFFF", "#000000")), round(contrast("#0B6E69", "#FFFFFF"), 1)
    (21, 6.1)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(colour: str, ground: str) -> str:
    """The colour, darkened in small steps until it reads well on a light ground.

    >>> readable_on("#0B6E69", "#FFFFFF"), contrast(readable_on("#FFCC00", "#FFFFFF"), "#FFFFFF") >= 4.5
    ('#0B6E69', True)
    """
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    while contrast(colour, ground) < _LEAST_CONTRAST:
        channels = [round(c * 0.94) for c in channels]
        colour = "#" + "".join(f"{c:02X}" for c in channels)
    return colour


def _luminance(colour: str) -> float:
    parts = []
    for i in (1, 3, 5):
        c = int(colour[i : i + 2], 16) / 255
        parts.append(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
