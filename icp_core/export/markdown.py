"""The profile as Markdown, for wikis, chats and screen readers; what people typed is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from icp_core.charts.print import lift_words
from icp_core.export.labels import (
    asked_words,
    day_words,
    figure_difference,
    figure_label,
    figure_value,
    labels,
)
from icp_core.export.page_content import evidence_words, market_words, percent
from icp_core.export.page_text import plain
from icp_core.export.redact import quote_signature, quote_words, shareable
from icp_core.profile.model import Profile, Share, Statement

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#!|~&@$^])")
# Marks that mean something only at the start of a line, and bare links that viewers turn into live ones.
_LINE_START = re.compile(r"^(\s*)([-+=:>]|\d+[.)])(?=\s|$|[-=+])")
_BARE_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|file)(:)|\b(www)(\.)")


def markdown(profile: Profile, *, language: str | None = None, personal: bool = False) -> str:
    """The whole profile, section by section; assumptions in italics and marked, evidence in brackets.

    Quotes are signed by role, company size and place; names, e-mails, phone numbers and links are left out
    unless ``personal``.
    """
    if not personal:
        profile = shareable(profile)
    words = labels(language or profile.meta.language or "en")
    meta = profile.meta
    hidden = set(profile.hidden_sections)
    facts = [
        words.get(meta.status, meta.status) + (f" {meta.version}" if meta.version != "draft" else ""),
        f"{words['as_of']} {day_words(meta.as_of, words)}",
    ]
    if meta.review_on:
        facts.append(f"{words['next_review']} {day_words(meta.review_on, words)}")
    about = " · ".join(part for part in (words["kicker"], meta.company, meta.offer) if part)
    out = [f"# {escaped(meta.name)}", "", escaped(about), "", escaped(" · ".join(facts)), ""]
    if profile.statement.text.strip():
        runs = profile.statement.text.split("**")
        sentence = "".join(_emphasised(run, i % 2 == 1 and len(runs) > 2) for i, run in enumerate(runs))
        out += [f"> {sentence}", ""]
    if profile.criteria_words:
        evidence = profile.criteria_evidence
        strength = f" ({_strength(evidence, words)})" if evidence else ""
        out += [f"**{words['rule']}:** {escaped(profile.criteria_words)}{strength}", ""]
    if profile.figures and "figures" not in hidden:
        if profile.criteria:
            out += [f"| | {words['ideal']} | {words['others']} | | n |", "|---|---|---|---|---|"]
        else:
            out += [f"| | {words['everyone']} | n |", "|---|---|---|"]
        for f in profile.figures:
            if not profile.criteria:
                out.append(
                    f"| {escaped(figure_label(f, words))} | {escaped(figure_value(f.ideal, words))} | {f.n_ideal:,} |"
                )
                continue
            row = (
                figure_label(f, words),
                figure_value(f.ideal, words),
                figure_value(f.others, words),
                figure_difference(f.difference, words) or words["no_difference"],
                f"{f.n_ideal:,}",
            )
            out.append("| " + " | ".join(escaped(cell) for cell in row) + " |")
        out.append("")
    for key, lines in _sections(profile, words, personal):
        lines = list(lines)
        if lines and key not in hidden:
            out += [f"## {words[key]}", "", *lines, ""]
    if profile.evidence_base:
        out += [f"## {words['evidence']}", ""]
        out += [
            f"- {escaped(n)} {escaped(what)}" + (f", {escaped(when)}" if when else "")
            for n, what, when in profile.evidence_base
        ]
        out.append("")
    if market := market_words(profile, words):
        out += [f"**{words['market']}:** " + " · ".join(escaped(f"{n} {what}") for n, what in market), ""]
    out += [f"*{escaped(warning)}*\n" for warning in profile.warnings]
    return "\n".join(out).rstrip() + "\n"


def escaped(text: object) -> str:
    """Text as itself: no emphasis, link, image, heading, list, table cell, code or HTML comes of it.

    >>> escaped("*b* <i> [a](http://x) | #1")
    '\\\\*b\\\\* \\\\<i\\\\> \\\\[a\\\\]\\\\(http\\\\://x\\\\) \\\\| \\\\#1'
    """
    safe = _MARKUP.sub(r"\\\1", plain(text))
    safe = _BARE_LINK.sub(lambda m: f"{m[1] or m[3]}\\{m[2] or m[4]}", safe)
    return _LINE_START.sub(lambda m: f"{m[1]}{_escape_start(m[2])}", safe)


def _escape_start(mark: str) -> str:
    return "\\" + mark if len(mark) == 1 else f"{mark[:-1]}\\{mark[-1]}"


def _emphasised(run: str, strong: bool) -> str:
    lead = " " if run[:1].isspace() else ""
    trail = " " if len(run) > 1 and run[-1:].isspace() else ""
    body = escaped(run)
    if not body:
        return lead
    return f"{lead}**{body}**{trail}" if strong else f"{lead}{body}{trail}"


def _strength(evidence, words) -> str:
    said = evidence_words(evidence, words)
    return f"{said}, n = {evidence.n:,}" if evidence.n is not None else said


def _line(statement: Statement, words, *, lead: str = "", tail: str = "", body: str | None = None) -> str:
    said = statement.text if body is None else body
    lead = f"**{escaped(lead)}** " if lead else ""
    tail = "".join(f", {escaped(part)}" for part in (tail, asked_words(statement, words)) if part)
    body = escaped(said.rstrip(". ") if tail else said)
    if statement.is_assumption:
        return f"- {lead}*{body}*{tail} ({words['assumption']})" if body else f"- {lead}{tail}"
    return f"- {lead}{body}{tail} ({_strength(statement.evidence, words)})"


def _shown(statements: Iterable[Statement]) -> list:
    return [s for s in statements if not s.hidden and s.text.strip()]


def _shares(shares: Iterable[Share], words) -> list[str]:
    return [_line(s, words, tail=percent(s.share)) for s in _shown(shares)]


def _sections(profile: Profile, words, personal: bool):
    yield (
        "who",
        [
            _line(
                t,
                words,
                lead=t.label,
                tail=f"{percent(t.share_ideal)} / {percent(t.share_others)}"
                if t.share_ideal is not None and t.share_others is not None
                else "",
            )
            for t in _shown(profile.who)
        ],
    )
    yield (
        "apart",
        [
            f"- {escaped(lift.label)} {escaped(lift_words(lift.ratio))} "
            f"(likely {escaped(lift_words(lift.low))}–{escaped(lift_words(lift.high))}, n = {lift.n:,})"
            for lift in profile.lifts
        ],
    )
    yield "behaviour", [_line(s, words) for s in _shown(profile.behaviour)]
    yield "triggers", [_line(t, words, lead=t.strength, tail=t.when) for t in _shown(profile.triggers)]
    yield "jobs", [_line(j, words, lead=words.get(j.kind, j.kind)) for j in _shown(profile.jobs)]
    yield (
        "pains",
        [
            _line(
                p,
                words,
                body=p.text + (f" → {p.desired}" if p.desired else ""),
                tail=" ".join(part for part in (p.impact, p.impact_of) if part),
            )
            for p in _shown(profile.pains)
        ],
    )
    yield (
        "quotes",
        [
            f"- “{escaped(quote_words(q, personal=personal))}” — "
            + escaped(" · ".join(part for part in (quote_signature(q, personal=personal), q.source) if part))
            for q in profile.quotes
            if q.text.strip()
        ],
    )
    yield "values", [_line(s, words) for s in _shown(profile.values)]
    yield "channels", _shares(profile.channels, words)
    buying = [
        f"- {escaped(stage.label)}: {stage.days:g} {words['day' if stage.days == 1 else 'days']}"
        for stage in profile.cycle
    ]
    buying += [
        _line(
            r, words, lead=r.role, body=", ".join(p for p in (words.get(r.part, r.part), r.text) if p.strip())
        )
        for r in profile.buying_roles
        if not r.hidden and (r.role or r.text)
    ]
    if profile.buying_team is not None and not profile.buying_team.hidden:
        buying.append(_line(profile.buying_team, words))
    buying += [
        _line(s, words, lead=words["lost_at"], tail=percent(s.share)) for s in _shown(profile.drop_out)
    ]
    yield "buying", buying
    yield (
        "personas",
        [f"- **{escaped(p.name)}** *{escaped(p.words)}* ({words['assumption']})" for p in profile.personas],
    )
    yield "decides", _shares(profile.buying_criteria, words)
    yield "objections", [_line(s, words) for s in _shown(profile.objections)]
    yield (
        "disqualifiers",
        [
            f"- {escaped(d.words)}"
            + (f", {escaped(d.why)}" if d.why else "")
            + (
                f" ({words['refused'].format(good=f'{d.price.good_refused:,}', n=f'{d.price.n:,}')})"
                if d.price and d.price.n
                else f" ({words['assumption']})"
                if d.is_assumption
                else ""
            )
            for d in profile.disqualifiers
            if d.accepted and d.words.strip()
        ],
    )
    best = profile.ideal_of_ideal
    if best is not None and best.name.strip():
        lines = [f"**{escaped(best.name)}**", "", escaped(best.text), ""]
        yield (
            "ideal_of_ideal",
            [*lines, *(f"- {escaped(value)} {escaped(what)}" for value, what in best.facts)],
        )
    for key in ("say", "prove", "avoid"):
        yield key, [_line(s, words) for s in _shown(getattr(profile.messaging, key))]
    yield (
        "implications",
        [
            f"- **{escaped(words.get(i.team, i.team))}** {escaped(i.text)}"
            for i in _shown(profile.implications)
        ],
    )
    yield (
        "hypotheses",
        [
            _line(h, words, lead=words.get(h.status, h.status), tail=h.words)
            for h in _shown(profile.hypotheses)
        ],
    )
    yield "open_questions", [f"- {escaped(q)}" for q in profile.open_questions if q.strip()]
