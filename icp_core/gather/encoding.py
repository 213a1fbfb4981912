"""Which encoding a text file is in: mark at its start, UTF-8, UTF-16 by its zeros, else the likeliest code page."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Single-byte code pages tried for western and central European text, likeliest first. The letters are those
# the languages of each page really use; a page is believed when its high bytes become such letters.
_LATIN_PAGES = {
    "cp1252": "äöüßéèêëàâçñáíóúãõôîïûùåæøìòœÄÖÜÉÈÀÇÑÁÍÓÚÅÆØŒ’‘“”–—€…•£°",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčďěňřšťůžýáéíúČĎĚŇŘŠŤŮŽőűŐŰöüşţăâîđ’‘“”–—€…",
    "cp1254": "çğıöşüâîûÇĞİÖŞÜ’‘“”–—€…₺",
    "cp1257": "ąčęėįšųūžĄČĘĖĮŠŲŪŽāēģīķļņĀĒĢĪĶĻŅõäöüÕÄÖÜ’‘“”–—€…",
    "mac_roman": "äöüßéèêëàâçñáíóúãõôîïûùåæøÄÖÜÉÀÇÑÅ’‘“”–—€…•£°",
    "cp850": "äöüßéèêëàâçñáíóúôîïûùåæøÄÖÜÉÇÑÅ",
}
# Letters of one language beyond a to z. A text is mostly in one language: the right page makes its letters those
# of one of these, the wrong page mixes them ("Èíslo úètu" is no language, "Číslo účtu" is Czech).
_ALPHABETS = {
    "cp1252": (
        "äöüß", "àâæçéèêëîïôœùûüÿ", "àèéìòóù", "áéíñóúü", "áâãàçéêíóôõúü", "æøåéäöü", "äöåéàü", "éëïóöüèêá",
        "àçèéíïòóúü", "áðéíóúýþæö",
    ),
    "cp1250": (
        "ąćęłńóśźż", "áčďéěíňóřšťúůýžöü", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţșț", "čćđšž", "äöüß",
    ),
    "cp1254": ("çğıöşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
}  # fmt: skip
_SAMPLE_BYTES = 200_000
_ENOUGH_FOR_A_SCRIPT = 12  # high bytes; fewer are accents, dashes or debris
_OTHER_SCRIPTS = [
    "cp1251",
    "koi8_r",
    "cp866",
    "cp1253",
    "cp1255",
    "cp1256",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "cp949",
]
_CYRILLIC_COMMON = "оеаинтсрвлкмдпу"


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file, the length of its mark, and what there is to say about it."""

    name: str
    mark_bytes: int = 0
    note: str | None = None


def find_encoding(data: bytes) -> Encoding:
    """Find the encoding of a whole file; every file gets one.

    >>> find_encoding("Zürich".encode()).name, find_encoding("Zürich".encode("cp1252")).name
    ('utf-8', 'cp1252')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name, len(mark))
    if data.isascii() and b"\0" not in data[:_SAMPLE_BYTES]:
        return Encoding("utf-8")
    head = data[:_SAMPLE_BYTES]
    half = max(len(head) // 2, 1)
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return Encoding("utf-16-le")
    if even > 0.4 * half and odd < 0.1 * half:
        return Encoding("utf-16-be")
    try:
        decoder = codecs.getincrementaldecoder("utf-8")()
        for start in range(0, len(data), 1 << 24):
            decoder.decode(data[start : start + (1 << 24)])
        decoder.decode(b"", final=True)
        return Encoding("utf-8")
    except UnicodeDecodeError:
        return _code_page(data)


def decode(data: bytes, encoding: Encoding) -> str:
    """Decode a whole file; a byte its encoding does not know becomes the Windows-1252 character, never nothing."""
    return str(data[encoding.mark_bytes :], encoding.name, "icp-windows-1252")


def _code_page(data: bytes) -> Encoding:
    high = _high_stretches(data)
    valid, invalid = _utf8_sequences(high)
    # A whole character of several bytes comes about by chance in no other encoding: most of them decide.
    if valid > invalid:
        return Encoding(
            "utf-8",
            0,
            f"{invalid} bytes are not UTF-8 although the rest is; they are read as Windows-1252 letters.",
        )
    many = sum(byte > 0x7F for byte in high) >= _ENOUGH_FOR_A_SCRIPT
    if many and _share_in_runs(high) > 0.6:
        found = _other_script(high)
        if found:
            return Encoding(found, 0, f"The text is not UTF-8; read as {found}.")
    # Lines that end in a lone carriage return were written by programs for the old Mac, in its code page.
    usual = "mac_roman" if b"\r" in data and b"\n" not in data else "cp1252"
    pages = dict.fromkeys((usual, *_LATIN_PAGES))
    name = max(pages, key=lambda page: _latin_score(high, page) * (1.1 if page == usual else 1.0))
    return Encoding(name, 0, f"The text is not UTF-8; read as {_spoken(name)}.")


def _spoken(name: str) -> str:
    return {"mac_roman": "Mac Roman"}.get(name, name.replace("cp125", "Windows-125"))


def _high_stretches(data: bytes) -> bytes:
    """The surroundings of the first non-ASCII bytes, so that a rare umlaut late in a file counts too."""
    pieces, position, size = [], 0, 0
    for start in range(0, len(data), 4096):
        piece = data[start : start + 4096]
        if not piece.isascii():
            pieces.append(piece)
            size += len(piece)
            if size > _SAMPLE_BYTES:
                break
        position += 1
    return b"".join(pieces)


def _utf8_sequences(data: bytes) -> tuple[int, int]:
    """How many multi-byte UTF-8 characters and how many stray high bytes there are."""
    text = data.decode("utf-8", "surrogateescape")
    invalid = sum(1 for char in text if "\udc80" <= char <= "\udcff")
    valid = sum(1 for char in text if char > "\x7f" and not "\udc80" <= char <= "\udcff")
    return valid, invalid


def _share_in_runs(data: bytes) -> float:
    """The share of high bytes that stand beside another one: high in scripts without Latin letters."""
    flags = [byte > 0x7F for byte in data]
    total = sum(flags)
    beside = sum(
        1
        for index, flag in enumerate(flags)
        if flag and ((index and flags[index - 1]) or (index + 1 < len(flags) and flags[index + 1]))
    )
    return beside / total if total else 0.0


def _other_script(data: bytes) -> str | None:
    """The page of a non-Latin script, by letter frequency for Cyrillic, else by charset-normalizer's guess."""
    best, best_share = None, 0.0
    for page in ("cp1251", "koi8_r", "cp866"):
        text = data.decode(page, "replace")
        letters = [char for char in text if char > "\x7f"]
        # Lower-case letters only: the wrong Cyrillic page turns lower case into capitals or line drawings.
        share = sum(char in _CYRILLIC_COMMON for char in letters) / max(len(letters), 1)
        if share > best_share:
            best, best_share = page, share
    if best_share > 0.5:
        return best
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:50_000], cp_isolation=_OTHER_SCRIPTS).best()
    if guess is None or guess.encoding in ("ascii", "utf_8"):
        return None
    text = data.decode(guess.encoding, "replace")
    odd = sum(
        1
        for char in text
        if char == "\ufffd" or (char > "\x7f" and not char.isalpha() and not char.isspace())
    )
    return guess.encoding if odd < 0.2 * sum(1 for char in text if char > "\x7f") else None


def _latin_score(data: bytes, page: str) -> float:
    usual = set(_LATIN_PAGES[page])
    text = data.decode(page, "replace")
    score = total = 0.0
    for index, char in enumerate(text):
        if char <= "\x7f":
            continue
        total += 1
        before = text[index - 1] if index else " "
        after = text[index + 1] if index + 1 < len(text) else " "
        inside_word = before.isalpha() and after.isalpha()
        if char in usual:
            score += 1.0
            if char.isupper() and before.islower():
                score -= 1.0  # a capital inside a word is the sign of the wrong page
        elif inside_word and not char.isalpha():
            score -= 1.0
        elif char == "\ufffd" or char < "\xa0":
            score -= 1.0
    return score / max(total, 1.0) * (0.2 + 0.8 * _of_one_language(text, page))


def _of_one_language(text: str, page: str) -> float:
    """The share of the letters beyond ASCII that the best fitting language of a page has; 1 where none is listed."""
    letters = [char for char in text.lower() if char > "\x7f" and char.isalpha()]
    alphabets = _ALPHABETS.get(page)
    if not alphabets or not letters:
        return 1.0
    return max(sum(char in alphabet for char in letters) for alphabet in alphabets) / len(letters)


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    letters = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in stray]
    return "".join(letters), error.end


codecs.register_error("icp-windows-1252", _as_windows_1252)
