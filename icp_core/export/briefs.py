"""Half a page per team: what the ICP means for marketing, sales, product and customer success."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from icp_core.export.labels import day_words, labels
from icp_core.export.markdown import escaped
from icp_core.export.page_text import plain
from icp_core.export.redact import quote_signature, quote_words, redacted, shareable
from icp_core.profile.model import Profile, Statement

TEAMS = ("Marketing", "Sales", "Product", "Success")
_MOST_LINES = 4


@dataclass(frozen=True)
class Brief:
    """What one team needs: a title and blocks of (heading, lines)."""

    team: str
    title: str
    lead: str
    blocks: tuple[tuple[str, tuple[str, ...]], ...]
    footer: str


def brief(profile: Profile, team: str, *, personal: bool = False) -> Brief:
    """The brief of a team, made of lines of the profile and nothing else; assumptions say so.

    Raises
    ------
    ValueError
        ``team`` is none of ``TEAMS``.
    """
    if team not in TEAMS:
        raise ValueError(f"There is no brief for {team!r}. Choose one of: {', '.join(TEAMS)}.")
    if not personal:
        profile = shareable(profile)
    words = labels("en")
    say = _lines(profile.messaging.say, personal)
    prove = _lines(profile.messaging.prove, personal)
    avoid = _lines(profile.messaging.avoid, personal)
    channels = [
        f"{line} ({c.share:.0%})" if c.share is not None else line
        for c, line in zip(_shown(profile.channels), _lines(profile.channels, personal), strict=True)
    ]
    refuse = [
        _clean(d.words + (f": {d.why}" if d.why else ""), personal) + ("" if d.evidence else " (assumption)")
        for d in profile.disqualifiers
        if d.accepted and d.words.strip()
    ]
    pains = [
        line + (f" → {_clean(p.desired, personal)}" if p.desired else "")
        for p, line in zip(_shown(profile.pains), _lines(profile.pains, personal), strict=True)
    ]
    quotes = [
        f"“{quote_words(q, personal=personal)}” ({quote_signature(q, personal=personal)})"
        for q in profile.quotes
        if q.text.strip()
    ]
    roles = [
        ", ".join(part for part in (r.role, r.part, r.text) if part)
        for r in profile.buying_roles
        if not r.hidden and (r.role or r.text)
    ]
    figures = [f"{f.label}: {f.ideal}, others {f.others}" for f in profile.figures]
    kept = [f for f in profile.figures if f.key in ("churn", "nps", "retention_24")]
    by_team = {
        "Marketing": [
            (words["channels"], channels),
            (words["triggers"], _lines(profile.triggers, personal)),
            (words["say"], say),
            (words["avoid"], avoid),
            (words["quotes"], quotes[:2]),
        ],
        "Sales": [
            ("Ask first", [_clean(profile.criteria_words, personal)] if profile.criteria_words else []),
            (words["disqualifiers"], refuse),
            (words["buying"], roles),
            (words["decides"], _lines(profile.buying_criteria, personal)),
            (words["objections"], _lines(profile.objections, personal)),
            (words["prove"], prove),
        ],
        "Product": [
            (words["jobs"], _lines(profile.jobs, personal)),
            (words["pains"], pains),
            (words["decides"], _lines(profile.buying_criteria, personal)),
            (words["behaviour"], _lines(profile.behaviour, personal)),
        ],
        "Success": [
            ("What keeps them", [f"{f.label}: {f.ideal}, others {f.others}" for f in kept] or figures[:2]),
            (words["behaviour"], _lines(profile.behaviour, personal)),
            (words["jobs"], _lines(profile.jobs, personal)),
            (words["objections"], _lines(profile.objections, personal)),
        ],
    }
    next_ = [_clean(i.text, personal) for i in _shown(profile.implications) if i.team == team]
    blocks = [("Do next", next_), *by_team[team]]
    meta = profile.meta
    review = f", {words['next_review']} {day_words(meta.review_on, words)}" if meta.review_on else ""
    version = f"version {meta.version}" if meta.version != "draft" else "draft"
    return Brief(
        team,
        f"{team}: {_clean(meta.name, personal)}",
        _clean(profile.statement.text.replace("**", ""), personal),
        tuple((title, tuple(lines[:_MOST_LINES])) for title, lines in blocks if lines),
        f"Ideal customer profile, {version}, {words['as_of']} {day_words(meta.as_of, words)}{review}.",
    )


def _shown(lines: Iterable[Statement]) -> list:
    return [line for line in lines if not line.hidden and line.text.strip()]


def _lines(lines: Iterable[Statement], personal: bool) -> list[str]:
    return [
        _clean(line.text, personal) + (" (assumption)" if line.is_assumption else "")
        for line in _shown(lines)
    ]


def _clean(text: str, personal: bool) -> str:
    flat = plain(text)
    return flat if personal else redacted(flat)


def briefs_markdown(profile: Profile, *, personal: bool = False) -> str:
    """The briefs of all teams as Markdown."""
    out = []
    for team in TEAMS:
        one = brief(profile, team, personal=personal)
        out += [f"# {escaped(one.title)}", "", escaped(one.lead), ""]
        for title, lines in one.blocks:
            out += [f"**{escaped(title)}**", "", *(f"- {escaped(line)}" for line in lines), ""]
        out += [f"*{escaped(one.footer)}*", ""]
    return "\n".join(out).rstrip() + "\n"


def briefs_docx(profile: Profile, *, personal: bool = False) -> bytes:
    """The briefs of all teams as a Word file, one page each."""
    from docx import Document
    from docx.shared import Pt

    word = Document()
    word.core_properties.author, word.core_properties.title = "", _clean(profile.meta.name, personal)
    word.styles["Normal"].font.size = Pt(10.5)
    for i, team in enumerate(TEAMS):
        if i:
            word.add_page_break()
        one = brief(profile, team, personal=personal)
        word.add_heading(_printable(one.title), level=1)
        word.add_paragraph(_printable(one.lead))
        for title, lines in one.blocks:
            word.add_heading(_printable(title), level=2)
            for line in lines:
                word.add_paragraph(_printable(line), style="List Bullet")
        word.add_paragraph(_printable(one.footer)).runs[0].italic = True
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _printable(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c == " ")
