"""A chart as SVG or PNG, without a browser: for the printed page, downloads and tests."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import vl_convert

from icp_core.charts.theme import FONT, Chart
from icp_core.errors import ExportError

FONTS = Path(__file__).resolve().parents[1] / "export" / "fonts"
VL_VERSION = "6.4"
_PROBE = "Mp9€"


def svg(chart: Chart, width: float, height: float) -> str:
    """The chart as an SVG of ``width`` × ``height`` pixels; the same chart gives the same text.

    Text stays text, set in the bundled face.
    """
    _ready()
    return _svg(json.dumps(_sized(chart, width, height), ensure_ascii=False))


@lru_cache(maxsize=128)
def _svg(spec: str) -> str:
    """Drawn once per content: while a page is edited its charts rarely change."""
    return vl_convert.vegalite_to_svg(spec, vl_version=VL_VERSION)


def png(chart: Chart, width: float, height: float, *, scale: float = 2, ground: str = "#FFFFFF") -> bytes:
    """The chart as a PNG of ``width`` × ``height`` pixels times ``scale`` on a plain ground."""
    _ready()
    spec = _sized(chart, width, height)
    spec["background"] = ground
    return vl_convert.vegalite_to_png(spec, vl_version=VL_VERSION, scale=scale)


def _sized(chart: Chart, width: float, height: float) -> dict[str, Any]:
    """The specification at its outer size; a chart that keeps its own margins is drawn inside them."""
    spec = chart.with_data()
    if spec["autosize"].get("type") != "none":
        return spec | {"width": width, "height": height}
    margins = spec["padding"]
    return spec | {
        "width": width - margins["left"] - margins["right"],
        "height": height - margins["top"] - margins["bottom"],
    }


@cache
def _ready() -> None:
    """Register the typefaces once and see that a label really appears: an unknown face vanishes silently."""
    vl_convert.register_font_directory(str(FONTS))
    probe = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text x="2" y="15" '
        f'font-family="{FONT.split(",")[0]}" font-size="14">{_PROBE}</text></svg>'
    )
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"></svg>'
    if vl_convert.svg_to_png(probe) == vl_convert.svg_to_png(empty):
        raise ExportError(
            f"The typeface {FONT} is missing, so charts would have no words. Install the workbench again."
        )
