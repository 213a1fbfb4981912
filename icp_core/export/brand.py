"""A light touch of the user's own look on the page: a logo and two colours, kept readable."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from PIL import Image, UnidentifiedImageError

from icp_core.charts.theme import LIGHT, Palette
from icp_core.errors import ExportError

_LEAST_CONTRAST = 4.5
_MAX_LOGO_BYTES = 400_000
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
        """The logo as one SVG without outside links."""
        if self.logo is None:
            return None
        if len(self.logo) > _MAX_LOGO_BYTES:
            raise ExportError("The logo is larger than 400 kB. Save it smaller, or as SVG.")
        if self.logo.lstrip()[:5].lower() in (b"<svg ", b"<?xml", b"<svg\n"):
            return self.logo.decode("utf-8", errors="replace")
        try:
            with Image.open(io.BytesIO(self.logo)) as image:
                width, height, kind = image.width, image.height, image.format
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
            raise ExportError("The logo cannot be read. Use a PNG, JPEG or SVG file.") from error
        if kind not in ("PNG", "JPEG"):
            raise ExportError(f"The logo is a {kind} file. Use PNG, JPEG or SVG.")
        content = base64.b64encode(self.logo).decode()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
            f'<image width="{width}" height="{height}" '
            f'href="data:image/{escape(kind.lower())};base64,{content}"/></svg>'
        )

    def palette(self) -> Palette:
        """The light palette with the brand's colours, for the charts on the page."""
        return replace(LIGHT, ideal=self.accent, against=self.against)


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
