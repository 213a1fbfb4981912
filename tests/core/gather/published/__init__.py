"""Headings of tables published by others, with made-up rows in their value formats, and what each column means.

``first_batch.txt`` was judged before anything was changed and then tuned on; ``second_batch.txt`` was judged once
after that (docs/measurements-gather.md). ``third_batch.txt`` are tables of our own in further languages and in the short
headings of machines and ledgers, judged before anything was changed and then tuned on. ``fourth_batch.txt`` are exports of
47 tools written from memory, judged the same way. A line is ``heading | sort of value | field``: several fields with ``/`` are
all right, ``-`` is none of the vocabulary, ``?`` is not judged. A table opens with ``== name | kind``.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from pathlib import Path
from random import Random

from icp_core.gather.raw_table import RawTable
from tests.core.gather.tables import raw_table

_FIRST = "Emma Liam Olivia Noah Ava Lucas Mia Anna Felix Lena Jonas Marie Luca Giulia Pedro Ana Bruno Chloe Hugo Ines".split()
_LAST = "Smith Johnson Garcia Weber Fischer Rossi Ferrari Silva Santos Dubois Moreau Jansen Novak Patel Kim Tanaka".split()
_COMPANY = "Bluewave Quantum Orion Zenith Meridian Lumen Vertex Harbor Pinnacle Cedar Atlas Nimbus Coral Falcon".split()
_ENDING = "Inc|Ltd|GmbH|LLC|Group|Solutions|Systems|Labs|Foods|Logistics|S.L.|SARL|Corp|& Co".split("|")
_COUNTRY = "United States|Germany|France|Spain|Brazil|Italy|Netherlands|United Kingdom|India|Canada".split(
    "|"
)
_CITY = "Berlin|Paris|Madrid|London|Chicago|Amsterdam|Milan|Porto|Toronto|Mumbai|Hamburg|Lyon".split("|")
_SAID = (
    "Great service and quick answers from the team",
    "The dashboard is slow since the last update",
    "Price went up twice this year without notice",
    "Missing an integration with our accounting tool",
    "Support never called back, quite disappointed",
    "Would love to see more reports for managers",
)


@dataclass(frozen=True)
class Published:
    """One table: its name, the kinds it may be taken as, and per heading the fields that are right."""

    name: str
    kinds: tuple[str, ...]
    columns: tuple[tuple[str, str, tuple[str, ...]], ...]

    def table(self, rows: int = 60) -> RawTable:
        random = Random(self.name)
        cells = [[_value(sort, n, random) for _, sort, _ in self.columns] for n in range(rows)]
        return raw_table([heading for heading, _, _ in self.columns], cells)

    @property
    def means(self) -> dict[str, tuple[str, ...]]:
        return {heading: fields for heading, _, fields in self.columns}


def published(batch: str) -> list[Published]:
    """The tables of ``first_batch`` or ``second_batch``."""
    found: list[Published] = []
    for block in (Path(__file__).parent / f"{batch}.txt").read_text("utf-8").split("== ")[1:]:
        title, *lines = block.strip().splitlines()
        name, kinds = title.split(" | ")
        columns = [line.split(" | ") for line in lines]
        found.append(
            Published(
                name, tuple(kinds.split("/")), tuple((h, sort, tuple(f.split("/"))) for h, sort, f in columns)
            )
        )
    return found


def _value(sort: str, n: int, random: Random) -> str:
    """One cell: ``int 1 9``, ``date %d.%m.%Y ~30`` (30 % blank), ``cat A/B/C``, ``company`` …"""
    sort, _, blank = sort.partition("~")
    what, _, told = sort.strip().partition(" ")
    if blank and random.random() < int(blank) / 100:
        return ""
    pick = random.choice
    if what in ("seq", "rid"):
        number = (
            n + 1 if what == "seq" else random.randint(1, 40) if told else random.randint(1000, 9_999_999)
        )
        return told % number if "%" in told else f"{told}{number}"
    if what == "int":
        return str(random.randint(*map(int, told.split())))
    if what in ("flt", "eur", "usd"):
        low, high, *places = told.split()
        number = random.uniform(float(low), float(high))
        if what == "flt":
            return f"{number:.{places[0]}f}"
        text = f"{number:,.2f}"
        return f"${text}" if what == "usd" else text.replace(",", " ").replace(".", ",").replace(" ", ".")
    if what == "date":
        return (dt.date(2022, 1, 3) + dt.timedelta(days=random.randint(0, 1000))).strftime(told or "%Y-%m-%d")
    if what in ("cat", "bool"):
        return pick((told or "0/1").split("/"))
    made = {
        "first": lambda: pick(_FIRST),
        "last": lambda: pick(_LAST),
        "name": lambda: f"{pick(_FIRST)} {pick(_LAST)}",
        "company": lambda: f"{pick(_COMPANY)} {pick(_COMPANY)} {pick(_ENDING)}",
        "corep": lambda: f"{pick(_COMPANY[:12])} {pick(_ENDING[:4])}",
        "email": lambda: (
            f"{pick(_FIRST)}.{pick(_LAST)}{n}@{pick(['acme.com', 'gmail.com', 'beta.de'])}".lower()
        ),
        "domain": lambda: f"{pick(['www.', 'https://', ''])}{pick(_COMPANY)}{pick(_COMPANY)}.com".lower(),
        "country": lambda: pick(_COUNTRY),
        "iso": lambda: pick("US DE FR ES BR IT NL GB IN CA".split()),
        "city": lambda: pick(_CITY),
        "text": lambda: pick(_SAID),
        "phone": lambda: (
            f"+{random.randint(1, 49)} {random.randint(100, 999)} {random.randint(1000000, 9999999)}"
        ),
        "uuid": lambda: str(uuid.UUID(int=random.getrandbits(128))),
        "hex": lambda: f"{random.getrandbits(128):032x}",
        "addr": lambda: f"{random.randint(1, 240)} {pick(_LAST)} {pick(['Street', 'Ave', 'Road'])}",
        "lit": lambda: told,
    }
    return made[what]()
