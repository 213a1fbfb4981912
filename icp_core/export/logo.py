"""A logo made safe to print: pictures redrawn, drawings stripped of everything that runs or reaches out."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from xml.etree import ElementTree

from PIL import Image, ImageOps, UnidentifiedImageError

from icp_core.errors import ExportError

MAX_BYTES = 400_000
_MOST_PIXELS = 16_000_000
_WIDE, _HIGH = 900, 300  # enough for a logo a centimetre high
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
# What a drawing may consist of; all else (scripts, style sheets, foreign pages, animations) is left out.
_ELEMENTS = frozenset(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan image "
    "linearGradient radialGradient stop clipPath mask pattern style".split()
)
_DEEPEST = 60
_HREFS = ("href", f"{{{_XLINK}}}href")
_PICTURE = re.compile(r"data:image/(png|jpe?g);base64,[A-Za-z0-9+/=\s]+")
_OWN = re.compile(r"#[\w.:-]+")
_URL = re.compile(r"url\((?!\s*['\"]?#)", re.IGNORECASE)
_REACHES_OUT = re.compile(r"@import|\\|expression\s*\(|javascript:", re.IGNORECASE)
_PLAIN_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*>", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


@lru_cache(maxsize=8)
def safe_logo(content: bytes) -> bytes:
    """The logo as it may be kept and printed: an SVG without links and scripts, or a PNG of modest size.

    Raises
    ------
    ExportError
        The file is too large, too many pixels, or no PNG, JPEG or SVG; the message says what to do.
    """
    if len(content) > MAX_BYTES:
        raise ExportError("The logo is larger than 400 kB. Save it smaller, or as SVG.")
    return _drawing(content) if is_svg(content) else _picture(content)


def is_svg(content: bytes) -> bool:
    """True for a file that begins like an SVG."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"\x00" not in start


def as_svg(content: bytes) -> str:
    """The safe logo as one SVG, also where it is a picture."""
    kept = safe_logo(content)
    if is_svg(kept):
        return kept.decode("utf-8")
    with Image.open(io.BytesIO(kept)) as image:
        width, height = image.size
    return (
        f'<svg xmlns="{_SVG}" width="{width}" height="{height}"><image width="{width}" height="{height}" '
        f'href="data:image/png;base64,{base64.b64encode(kept).decode()}"/></svg>'
    )


def _picture(content: bytes) -> bytes:
    """Drawn anew: hidden data and places of photographs go, and the size stays small."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")) as image:
            if image.format not in ("PNG", "JPEG"):
                raise ExportError(f"The logo is a {image.format} file. Use PNG, JPEG or SVG.")
            if image.width * image.height > _MOST_PIXELS:
                raise ExportError("The logo has more than 16 million pixels. Save it smaller.")
            drawn = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ExportError("The logo cannot be read. Use a PNG, JPEG or SVG file.") from error
    drawn.thumbnail((_WIDE, _HIGH))
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


def _drawing(content: bytes) -> bytes:
    unreadable = "The logo cannot be read. Use a PNG, JPEG or SVG file."
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExportError("The SVG logo is not written in UTF-8. Save it anew, or use a PNG.") from error
    text = _PLAIN_DOCTYPE.sub("", _DECLARATION.sub("", text))
    if "<!doctype" in text.lower() or "<!entity" in text.lower():
        raise ExportError("The SVG logo defines entities, which can be harmful. Save it anew, or use a PNG.")
    try:
        root = _tree(text)
    except ElementTree.ParseError as error:
        raise ExportError(unreadable) from error
    if root.tag not in ("svg", f"{{{_SVG}}}svg"):
        raise ExportError(unreadable)
    _strip(root)
    if all(_local(e.tag) in ("svg", "g", "defs", "title", "desc", "style") for e in root.iter()):
        raise ExportError("Nothing of the SVG logo can be printed. Save it as plain SVG, or use a PNG.")
    return ElementTree.tostring(root, encoding="unicode").encode("utf-8")


def _tree(text: str) -> ElementTree.Element:
    reader = ElementTree.XMLPullParser(("start", "end"))
    reader.feed(text)
    reader.close()
    depth, root = 0, None
    for event, element in reader.read_events():
        depth += 1 if event == "start" else -1
        root = element if root is None else root
        if depth > _DEEPEST:
            raise ExportError("The SVG logo is nested too deeply. Save it as plain SVG, or use a PNG.")
    if root is None:
        raise ElementTree.ParseError("no element")
    return root


def _strip(root: ElementTree.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or _local(child.tag) not in _ELEMENTS:
                parent.remove(child)
            elif _local(child.tag) == "style" and not _is_harmless(child.text or ""):
                parent.remove(child)
        for name, value in list(parent.attrib.items()):
            if name in _HREFS:
                allowed = _PICTURE if _local(parent.tag) == "image" else _OWN
                kept = bool(allowed.fullmatch(value.strip()))
            else:
                kept = not _local(name).lower().startswith("on") and _is_harmless(value)
            if not kept:
                del parent.attrib[name]


def _is_harmless(style: str) -> bool:
    return not _URL.search(style) and not _REACHES_OUT.search(style)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
