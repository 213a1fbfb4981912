"""The charts of the page as pictures in one archive: each as PNG and as SVG."""

from __future__ import annotations

import io
import zipfile

from icp_core.charts import print as printed
from icp_core.charts.render import png, svg
from icp_core.charts.theme import Chart
from icp_core.export.labels import labels
from icp_core.profile.model import Profile

_SIZES = {"sets-them-apart": (520, 320), "stay-longer": (520, 260)}


def charts_of(profile: Profile, *, language: str | None = None) -> dict[str, Chart]:
    """The charts a profile has data for, by file name; empty when it has none."""
    words = labels(language or profile.meta.language or "en")
    found = {}
    if profile.lifts:
        found["sets-them-apart"] = printed.lift_chart(profile.lifts, caption=words["apart"])
    if profile.retention_ideal:
        found["stay-longer"] = printed.retention_chart(
            profile.retention_ideal,
            profile.retention_others,
            names=(
                words["curve_ideal" if profile.retention_others else "curve_everyone"],
                words["curve_others"],
            ),
            caption=words[f"retention_caption_{profile.meta.unit}"],
        )
    return found


def charts_zip(profile: Profile, *, language: str | None = None) -> bytes:
    """All charts as a ZIP file; the same profile gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, chart in charts_of(profile, language=language).items():
            width, height = _SIZES[name]
            pictures = {
                f"{name}.png": png(chart, width, height, scale=3),
                f"{name}.svg": svg(chart, width, height).encode(),
            }
            for file, content in pictures.items():
                info = zipfile.ZipInfo(file, (2000, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
    return out.getvalue()
