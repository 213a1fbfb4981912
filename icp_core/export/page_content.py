"""What the one-pager says: a profile as plain blocks of safe text, in reading order.

Nothing here knows about paper or type; ``one_pager.typ`` draws the blocks. Kinds of block: ``traits``,
``chart``, ``lines``, ``pains``, ``quotes``, ``bars``, ``buying``, ``questions``; beside them the card (ideal
of the ideal) and the groups of messaging.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from icp_core.charts import print as printed
from icp_core.charts.render import svg
from icp_core.charts.theme import LIGHT, Chart, Palette
from icp_core.export.labels import (
    asked_words,
    counted,
    day_words,
    figure_difference,
    figure_label,
    figure_value,
    months_said,
    numbers_said,
)
from icp_core.export.page_text import mostly_rtl, page_text, plain
from icp_core.export.redact import quote_signature, quote_words
from icp_core.profile.model import Disqualifier, Evidence, Figure, Profile, Statement
from icp_core.profile.questions import QUESTIONS
from icp_core.stats.wording import money

# Sections in reading order; ``Profile.section_order`` may bring others to the front of this list.
SECTIONS = (
    "who",
    "apart",
    "behaviour",
    "triggers",
    "jobs",
    "pains",
    "quotes",
    "values",
    "channels",
    "buying",
    "personas",
    "retention",
    "objections",
    "disqualifiers",
    "ideal_of_ideal",
    "messaging",
    "implications",
    "hypotheses",
    "open_questions",
    "evidence",
    "market",
)
# Sections whose absence raises a question, most useful first.
ASKED = (
    "pains",
    "jobs",
    "triggers",
    "quotes",
    "buying",
    "disqualifiers",
    "channels",
    "objections",
    "who",
    "retention",
    "messaging",
    "implications",
)
# Questions about a part of a section, by the section they belong to.
ASKED_WITHIN = {
    "drop_out": "buying",
    "values": "values",
    "geography": "who",
    "maturity": "who",
    "technology": "who",
    "budget": "who",
    "customer_base": "who",
    "market": "market",
}
MOST_FIGURES = 6
# No page can hold more than this, whatever the type size; the workbook holds all.
_LONGEST_TEXT = 700
_MOST_ITEMS = 24
_NO_DOTS = -2
_SIDE_LETTERS = 15
_WIDE_PLACE = 40  # a place for so many letters is no narrow one
_NARROW_TOKEN = 10  # in a small place shorter words than elsewhere may have to break
# Part of a column's width that the dots take, beside their names.
_PLOT_SHARE = 0.53
# A column of two is so much wider than one of three, in the pixels of the charts.
_WIDE_COLUMN_PX = 318
_PAGE_PX = 655
_VALUE = re.compile(
    r"^\s*([+−-]?\s*[^\s\d]{0,3}\s?[\d.,\u00a0\u202f ]*\d(?:[kKMBT]\b|\s?[%€$£¥]|×)?)\s*(.*)$"
)


class PageContent:
    """Builds the blocks of one page; ``shortened`` gathers the texts that were too long for their place, whole."""

    def __init__(
        self,
        profile: Profile,
        words: Mapping[str, str],
        *,
        personal: bool = False,
        palette: Palette = LIGHT,
        rtl: bool | None = None,
    ):
        self.profile = profile
        self.words = words
        self.personal = personal
        self.palette = palette
        self.hidden = set(profile.hidden_sections)
        self.shortened: list[str] = []
        self.rtl = mostly_rtl(profile.statement.text + profile.meta.name) if rtl is None else rtl

    # ---- text ------------------------------------------------------------------------------------------

    def text(self, value: object) -> str:
        value = str(value)
        if len(value) > _LONGEST_TEXT * 2:
            value = value[: _LONGEST_TEXT * 2].rsplit(" ", 1)[0] + "…"
        return page_text(value, rtl=self.rtl)

    def short(self, value: object, most: int) -> str:
        """Text for a small place: cut at a word so that it stays within ``most`` characters."""
        flat = plain(value)
        if len(flat) > most:
            self.shortened.append(flat)
            whole = flat[: most - 1].rsplit(" ", 1)
            flat = (whole[0] if len(whole) == 2 and len(whole[0]) > most // 2 else flat[: most - 1]) + "…"
        if most > _WIDE_PLACE:
            return page_text(flat, rtl=self.rtl)
        return page_text(flat, rtl=self.rtl, token=_NARROW_TOKEN)

    def number_text(self, value: str) -> str:
        """Figures of ours, as the page's language writes them."""
        return self.text(numbers_said(value, self.words))

    def _day(self, day: date) -> str:
        """A date that stays on one line."""
        return self.text(day_words(day, self.words)).replace(" ", "\u00a0")

    def label(self, key: str) -> str:
        """A label in the page's language; a word of the user's own that is no label stays as typed."""
        return self.text(self.words.get(key, key))

    # ---- the whole -------------------------------------------------------------------------------------

    def build(self) -> dict[str, Any]:
        """The page as plain data, ready for JSON."""
        sections = [s for s in (self._section(key) for key in self._order()) if s]
        band = self._band()
        return {
            "head": self._head(),
            "figures": self._figures(),
            "sections": sections,
            "band": band,
            "foot": self._foot(sections, band),
            "questions": self._questions(sections, band),
            "words": {
                key: self.text(self.words[key])
                for key in (
                    "ideal",
                    "others",
                    "today",
                    "wanted",
                    "cost",
                    "decides",
                    "more",
                    "no_difference",
                    "assumption",
                )
            }
            | {
                key: self.words[key]
                for key in ("strong_alt", "fair_alt", "weak_alt", "too_few_alt", "assumption_alt")
            },
        }

    def _order(self) -> list[str]:
        first = [key for key in self.profile.section_order if key in SECTIONS]
        order = list(dict.fromkeys([*first, *SECTIONS]))
        return [key for key in order if key not in self.hidden]

    def _section(self, key: str) -> dict[str, Any] | None:
        build = getattr(self, f"_{key}_section", None)
        return build() if build else None

    # ---- strength of evidence --------------------------------------------------------------------------

    @staticmethod
    def _strength(statements: Iterable[Statement]) -> int:
        """Dots of a section: the middle of its statements that have evidence; −1 = all are assumptions."""
        dots = sorted(s.dots for s in statements if s.evidence is not None)
        return dots[(len(dots) - 1) // 2] if dots else -1

    @staticmethod
    def _shown(statements: Iterable[Any]) -> list[Any]:
        return [s for s in statements if not s.hidden and (s.text.strip() or getattr(s, "role", ""))]

    def _lines(
        self,
        key: str,
        statements: list[Any],
        *,
        lead=lambda s: "",
        tail=lambda s: "",
        side=lambda s: "",
        style: str = "plain",
        **rest: Any,
    ) -> dict[str, Any] | None:
        if not statements:
            return None
        dots = rest.pop("dots", None)
        strength = self._strength(statements) if dots is None else dots
        tails = [
            " · ".join(part for part in (tail(s), asked_words(s, self.words)) if part) for s in statements
        ]
        items = [
            {
                "lead": self.short(lead(s), 22),
                # A comma joins the tail: no stop before it.
                "text": self.text(s.text.rstrip(". ") if end else s.text),
                "tail": self.text(end),
                "side": self.short(side(s), 24),
                # The heading already says so when all are assumptions: then the words need no dot each.
                "guess": s.is_assumption,
            }
            for s, end in list(zip(statements, tails, strict=True))[:_MOST_ITEMS]
        ]
        return {
            "id": key,
            "kind": "lines",
            "title": self.label(key),
            "style": style,
            "dots": strength,
            "items": items,
        } | rest

    # ---- head, figures, foot ---------------------------------------------------------------------------

    def _head(self) -> dict[str, Any]:
        profile, meta = self.profile, self.profile.meta
        status = self.words.get(meta.status, meta.status)
        version = meta.version.strip()
        if version and version.lower() != meta.status.lower():
            status = f"{status} {'v' if version[:1].isdigit() else ''}{version}"
        rule = profile.criteria_words.strip() if profile.criteria else ""
        evidence = profile.criteria_evidence if profile.criteria else None
        runs = profile.statement.text.split("**")
        return {
            "kicker": self.label("kicker"),
            "about": self.short(" · ".join(p for p in (meta.company, meta.offer) if p.strip()), 84),
            "status": self.short(status, 22),
            "draft": not meta.status.lower().startswith(("approved", "active", "final")),
            "day": self._day(meta.as_of),
            "as_of": self.label("as_of"),
            "review_label": self.label("next_review"),
            "review": self._day(meta.review_on) if meta.review_on else "",
            "name": self.short(meta.name, 110),
            "plain_name": page_text(meta.name),
            "sentence": self._runs(runs),
            "guess": profile.statement.is_assumption,
            "rule_label": self.label("rule"),
            "rule": self.text(rule),
            "rule_n": self.number_text(f"n = {evidence.n:,}") if evidence and evidence.n is not None else "",
            "rule_dots": evidence.dots if evidence else -1,
            "author": self.text(meta.author if self.personal else ""),
        }

    def _runs(self, runs: list[str]) -> list[list[Any]]:
        """The sentence as runs of (text, is a key fact); spaces between runs are kept."""
        out = []
        for i, run in enumerate(runs):
            safe = page_text(run, rtl=False)
            if not safe:
                continue
            lead = " " if run[:1].isspace() else ""
            trail = " " if run[-1:].isspace() else ""
            out.append([lead + safe + trail, i % 2 == 1 and len(runs) > 2])
        return out

    def _figures(self) -> list[dict[str, Any]]:
        figures = [] if "figures" in self.hidden else self.profile.figures[:MOST_FIGURES]
        cells = []
        for figure in figures:
            value, unit = _value_and_unit(figure_value(figure.ideal, self.words) or self.words["not_known"])
            clear = bool(figure.difference.strip()) and figure.better is not None
            cells.append(
                {
                    "label": self.short(figure_label(figure, self.words), 26),
                    "value": self.short(value, 14),
                    "unit": self.short(unit, 14),
                    "others": self.short(figure_value(figure.others, self.words), 22),
                    "difference": self.short(figure_difference(figure.difference, self.words), 22)
                    if figure.difference.strip()
                    else self.label("no_difference")
                    if figure.others.strip()
                    else "",
                    "clear": clear,
                    "better": figure.better is not False,
                    "bars": _bar_lengths(figure),
                    "n": self.number_text(f"n = {figure.n_ideal:,}") if figure.n_ideal else "",
                    "dots": {"Solid": 3, "Likely": 2, "Hint": 1}.get(figure.verdict, 0),
                }
            )
        return cells

    def _foot(self, sections: list[dict], band: list[dict]) -> dict[str, Any]:
        profile = self.profile
        base = []
        if "evidence" not in self.hidden:
            base = [
                [self.short(n, 10), self.short(what + (f", {when}" if when else ""), 52)]
                for (n, what), when in (
                    (counted(n, what, self.words), months_said(when, self.words))
                    for n, what, when in profile.evidence_base[:10]
                )
            ]
        market = self._market() if "market" not in self.hidden else []
        dots = [s.get("dots") for s in (*sections, *band)] + [f["dots"] for f in self._figures()]
        dots.append(self.profile.criteria_evidence.dots if self.profile.criteria_evidence else None)
        key = [[n, self.label(word)] for n, word in ((3, "strong"), (2, "fair"), (1, "weak"))]
        if 0 in dots:
            key.append([0, self.label("too_few")])
        if _has_guess(sections, band) or profile.statement.is_assumption:
            key.append([-1, self.label("assumption")])
        caution = profile.warnings[:2] if "warnings" not in self.hidden else []
        return {
            "evidence_label": self.label("evidence"),
            "evidence": base,
            "market_label": self.label("market"),
            "market": market,
            "key": key,
            "caution_label": self.label("caution"),
            "caution": self.text(" ".join(caution)),
        }

    def _market(self) -> list[list[str]]:
        return [[self.text(value), self.text(what)] for value, what in market_words(self.profile, self.words)]

    # ---- sections --------------------------------------------------------------------------------------

    def _who_section(self) -> dict[str, Any] | None:
        traits = self._shown(self.profile.who)
        if not traits:
            return None
        shares = any(t.share_ideal is not None for t in traits)
        return {
            "id": "who",
            "kind": "traits",
            "title": self.label("who"),
            "dots": self._strength(traits),
            "shares": shares,
            "compared": any(t.share_others is not None for t in traits),
            "items": [
                {
                    "label": self.short(t.label, 24),
                    "text": self.text(t.text),
                    "ideal": self.text(percent(t.share_ideal)),
                    "others": self.text(percent(t.share_others)),
                    "guess": t.is_assumption,
                }
                for t in traits[:_MOST_ITEMS]
            ],
        }

    def _apart_section(self) -> dict[str, Any] | None:
        lifts = self.profile.lifts
        if not lifts:
            return None
        caption = self.words["apart_caption"]
        chart = printed.lift_chart(
            lifts, caption=self.words["apart"], palette=self.palette, names=False, say=self._times
        )
        rows = len(chart.data)
        clear = [lift for lift in lifts if lift.low > 1 or lift.high < 1]
        frame = printed.TOP_PX + printed.FOOT_PX
        drawings = [
            _drawing(chart, round(width * _PLOT_SHARE), printed.ROW_PX * stretch * rows + frame)
            for width, stretch in ((printed.COLUMN_PX, 1), (_WIDE_COLUMN_PX, 1.15), (_PAGE_PX, 1.15))
        ]
        kept = sorted(lifts, key=lambda lift: -abs(printed.log2(lift.ratio)))[:rows]
        return {
            "id": "apart",
            "kind": "dots",
            "title": self.label("apart"),
            "dots": 3 if len(clear) * 2 > len(lifts) else 1,
            "drawings": drawings,
            "share": _PLOT_SHARE,
            "items": [self.short(lift.label, 36) for lift in sorted(kept, key=lambda lift: -lift.ratio)],
            "alt": plain(chart.alt),
            "caption": self.text(caption),
        }

    def _times(self, ratio: float) -> str:
        return numbers_said(printed.lift_words(ratio), self.words)

    def _retention_section(self) -> dict[str, Any] | None:
        ideal, others = self.profile.retention_ideal, self.profile.retention_others
        if not ideal:
            return None
        caption = self.words[f"retention_caption_{self.profile.meta.unit}"]
        chart = printed.retention_chart(
            ideal,
            others,
            names=(self.words["curve_ideal" if others else "curve_everyone"], self.words["curve_others"]),
            caption=caption,
            palette=self.palette,
        )
        longer = self.profile.who_stays_longer
        titles = {"ideal": "retention", "others": "retention_sooner", "": "retention_plain"}
        return {
            "id": "retention",
            "kind": "chart",
            "title": self.label(titles[longer]),
            "dots": 3 if longer else 1,
            "drawings": [
                _drawing(chart, width, height)
                for width, height in ((printed.COLUMN_PX, 104), (_WIDE_COLUMN_PX, 132), (_PAGE_PX, 150))
            ],
            "alt": plain(chart.alt),
            "caption": self.text(caption),
        }

    def _behaviour_section(self):
        return self._lines("behaviour", self._shown(self.profile.behaviour))

    def _triggers_section(self):
        return self._lines(
            "triggers",
            self._shown(self.profile.triggers),
            lead=lambda t: (
                " ".join(counted(*t.strength.split(" ", 1), self.words)) if " " in t.strength else t.strength
            ),
            tail=lambda t: t.when,
            style="column",
        )

    def _jobs_section(self):
        return self._lines(
            "jobs",
            self._shown(self.profile.jobs),
            lead=lambda j: self.words.get(j.kind, j.kind),
            style="inline",
        )

    def _personas_section(self):
        """Who the persons behind the decision are, as attached by hand."""
        people = [p for p in self.profile.personas if p.name.strip()]
        if not people:
            return None
        parts = [", ".join(x for x in (p.role, p.seniority) if x.strip()) for p in people]
        said = ["; ".join(x for x in (p.goals, p.challenges) if x.strip()) for p in people]
        return {
            "id": "personas",
            "kind": "lines",
            "style": "inline",
            "title": self.label("personas"),
            "dots": -1,
            "items": [
                {
                    "lead": self.short(p.name, 22),
                    "text": self.text(" – ".join(x for x in (part, words) if x)),
                    "tail": "",
                    "side": "",
                    "guess": True,
                }
                for p, part, words in zip(people, parts, said, strict=True)
            ][:_MOST_ITEMS],
        }

    def _values_section(self):
        return self._lines("values", self._shown(self.profile.values))

    def _objections_section(self):
        return self._lines("objections", self._shown(self.profile.objections))

    def _hypotheses_section(self):
        """What the plan expected, each with what became of it: confirmed, refuted or open."""
        return self._lines(
            "hypotheses",
            self._shown(self.profile.hypotheses),
            lead=lambda h: self.words.get(h.status, h.status),
            tail=lambda h: (
                f"n {h.evidence.n:,}" if h.evidence is not None and h.evidence.n is not None else ""
            ),
            style="column",
            dots=_NO_DOTS,
        )

    def _pains_section(self) -> dict[str, Any] | None:
        pains = self._shown(self.profile.pains)
        if not pains:
            return None
        return {
            "id": "pains",
            "kind": "pains",
            "title": self.label("pains"),
            "dots": self._strength(pains),
            "costs": any(p.impact for p in pains),
            "items": [
                {
                    "now": self.text(p.text),
                    "wanted": self.text(p.desired),
                    "asked": self.text(asked_words(p, self.words)),
                    "cost": self.short(p.impact, 14),
                    "of": self.short(p.impact_of, 44),
                    "guess": p.is_assumption,
                }
                for p in pains[:_MOST_ITEMS]
            ],
        }

    def _quotes_section(self) -> dict[str, Any] | None:
        quotes = [q for q in self.profile.quotes if q.text.strip()]
        if not quotes:
            return None
        return {
            "id": "quotes",
            "kind": "quotes",
            "title": self.label("quotes"),
            "items": [
                {
                    "text": self.text(quote_words(q, personal=self.personal).strip("“”\"' ")),
                    "by": self.text(
                        " · ".join(
                            part
                            for part in (
                                quote_signature(q, personal=self.personal),
                                months_said(q.source, self.words),
                            )
                            if part
                        )
                    ),
                }
                for q in quotes[:_MOST_ITEMS]
            ],
        }

    def _channels_section(self):
        return self._bars("channels", self.profile.channels)

    def _bars(self, key: str, shares) -> dict[str, Any] | None:
        shown = self._shown(shares)
        if not shown:
            return None
        return {
            "id": key,
            "kind": "bars",
            "title": self.label(key),
            "dots": self._strength(shown),
            "items": self._bar_items(shown),
        }

    def _bar_items(self, shown) -> list[dict[str, Any]]:
        return [
            {
                "label": self.short(s.text, 34),
                "share": s.share or 0,
                "value": self.text(percent(s.share)),
                "asked": self.text(asked_words(s, self.words)),
                "guess": s.is_assumption,
            }
            for s in shown[:_MOST_ITEMS]
        ]

    def _buying_section(self) -> dict[str, Any] | None:
        profile = self.profile
        roles, criteria = self._shown(profile.buying_roles), self._shown(profile.buying_criteria)
        stages = [s for s in profile.cycle if s.days > 0][:6]
        lost = self._shown(profile.drop_out)[:3]
        team = profile.buying_team
        if not (roles or criteria or stages or lost or team):
            return None
        notes = [team.text] if team is not None and not team.hidden and team.text.strip() else []
        if lost:
            where = ", ".join(f"{s.text} {percent(s.share)}" for s in lost)
            notes.append(f"{self.words['lost_at']} {where}")
        return {
            "id": "buying",
            "kind": "buying",
            "title": self.label("buying"),
            "dots": self._strength([*roles, *criteria]) if roles or criteria else 3,
            "stages": [
                {
                    "days": s.days,
                    "value": self.number_text(
                        f"{s.days:,.0f} {self.words['day' if round(s.days) == 1 else 'days']}"
                    ),
                    "label": self.short(s.label, 18),
                }
                for s in stages
            ],
            "items": [
                {
                    "lead": self.short(r.role, 32),
                    "part": self.short(self.words.get(r.part, r.part) or r.seniority, 22),
                    "text": self.text(r.text),
                    "asked": self.text(asked_words(r, self.words)),
                    "guess": r.is_assumption,
                }
                for r in roles[:_MOST_ITEMS]
            ],
            "bars": self._bar_items(criteria),
            "notes": [self.text(note) for note in notes],
        }

    def _disqualifiers_section(self) -> dict[str, Any] | None:
        kept = [d for d in self.profile.disqualifiers if d.accepted and d.words.strip()]
        if not kept:
            return None
        # A long reason stands below the words, a short one beside them.
        long = any(len(d.why) > _SIDE_LETTERS for d in kept)

        def price(d: Disqualifier) -> str:
            if not (d.price and d.price.n):
                return ""
            said = self.words["refused"].format(good=f"{d.price.good_refused:,}", n=f"{d.price.n:,}")
            return numbers_said(said, self.words)

        dots = sorted(d.evidence.dots for d in kept if d.evidence is not None)
        return {
            "id": "disqualifiers",
            "kind": "lines",
            "style": "walk",
            "title": self.label("disqualifiers"),
            "dots": dots[(len(dots) - 1) // 2] if dots else -1,
            "items": [
                {
                    "lead": "",
                    "text": self.text(d.words),
                    "tail": self.text(" · ".join(part for part in (d.why if long else "", price(d)) if part)),
                    "side": "" if long else self.short(d.why, 24),
                    "guess": d.is_assumption,
                }
                for d in kept[:_MOST_ITEMS]
            ],
        }

    def _questions(self, sections: list[dict], band: list[dict]) -> dict[str, Any] | None:
        """What is not known yet: the profile's own questions, then one for each section that is empty."""
        if "open_questions" in self.hidden:
            return None
        there = {part["id"] for part in (*sections, *band)} | self.hidden
        usual = {question: key for key, question in QUESTIONS.items()}
        asked = [self.text(q) for q in self.profile.open_questions if q.strip() and q not in usual]
        asked += [self.label(f"ask_{key}") for key in ASKED if key not in there]
        # What a section that is there does not tell yet.
        asked += [
            self.label(f"ask_{usual[q]}")
            for q in self.profile.open_questions
            if usual.get(q) in ASKED_WITHIN and ASKED_WITHIN[usual[q]] not in self.hidden
        ]
        if not asked:
            return None
        return {"title": self.label("open_questions"), "items": list(dict.fromkeys(asked))[:_MOST_ITEMS]}

    # ---- the band at the foot of the page --------------------------------------------------------------

    def _band(self) -> list[dict[str, Any]]:
        parts = {
            "ideal_of_ideal": self._card(),
            "messaging": self._messaging(),
            "implications": self._implications(),
        }
        return [parts[key] for key in self._order() if parts.get(key)]

    def _card(self) -> dict[str, Any] | None:
        best = self.profile.ideal_of_ideal
        if best is None or not best.name.strip():
            return None
        return {
            "id": "ideal_of_ideal",
            "kind": "card",
            "title": self.label("ideal_of_ideal"),
            "name": self.short(best.name, 80),
            "text": self.text(best.text),
            "facts": [
                [self.short(number, 10), self.short(word, 16)]
                for number, word in (counted(value, what, self.words) for value, what in best.facts[:4])
            ],
            "guess": best.evidence is None,
        }

    def _messaging(self) -> dict[str, Any] | None:
        groups = []
        for key in ("say", "prove", "avoid"):
            shown = self._shown(getattr(self.profile.messaging, key))
            if shown:
                groups.append(
                    {
                        "label": self.label(key),
                        "against": key == "avoid",
                        "items": [
                            {"text": self.text(s.text), "guess": s.is_assumption} for s in shown[:_MOST_ITEMS]
                        ],
                    }
                )
        if not groups:
            return None
        every = [s for key in ("say", "prove", "avoid") for s in getattr(self.profile.messaging, key)]
        return {
            "id": "messaging",
            "kind": "groups",
            "title": self.label("messaging"),
            "dots": self._strength(self._shown(every)),
            "items": groups,
        }

    def _implications(self):
        """What we do next is a decision, not a claim: it is never marked as an assumption."""
        lines = self._lines(
            "implications",
            self._shown(self.profile.implications),
            lead=lambda i: self.words.get(i.team, i.team),
            style="column",
            dots=_NO_DOTS,
        )
        for item in lines["items"] if lines else ():
            item["guess"] = False
        return lines


def _drawing(chart: Chart, width: float, height: float) -> dict[str, Any]:
    """A chart for a column of so many pixels; heights are told as parts of the width."""
    return {
        "svg": svg(chart, width, height),
        "ratio": round(height / width, 4),
        "top": printed.TOP_PX / width,
        "foot": printed.FOOT_PX / width,
    }


def _has_guess(sections: list[dict], band: list[dict]) -> bool:
    for part in (*sections, *band):
        if part.get("guess") or part.get("dots") == -1:
            return True
        for item in part.get("items", ()):
            if isinstance(item, dict) and (
                item.get("guess") or any(i["guess"] for i in item.get("items", ()))
            ):
                return True
        if any(bar["guess"] for bar in part.get("bars", ())):
            return True
    return False


def _value_and_unit(text: str) -> tuple[str, str]:
    """The figure and the words after it: "14 months" → ("14", "months")."""
    match = _VALUE.match(text)
    if not match or not match[2]:
        return text, ""
    return match[1].strip(), match[2].strip()


def _bar_lengths(figure: Figure) -> list[float] | None:
    """Lengths of the two bars in percent of the longer; an NPS starts at its lowest, −100."""
    one, other = figure.ideal_value, figure.others_value
    if one is None or other is None:
        return None
    if figure.key == "nps":
        one, other = one + 100, other + 100
    longest = max(one, other)
    if min(one, other) < 0 or longest <= 0:
        return None
    return [round(100 * one / longest, 1), round(100 * other / longest, 1)]


def percent(share: float | None) -> str:
    """A share (0–1) in whole percent; blank when not known."""
    return "" if share is None else f"{share * 100:.0f}\u202f%"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def market_words(profile: Profile, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The market in words, e.g. ("1,460", "match"); what is not known is left out."""
    market = profile.market
    if market is None:
        return []
    parts = [
        (market.companies, _count, words["persons" if profile.meta.unit == "person" else "companies"]),
        (market.matching, _count, words["matching"]),
        (market.reachable, _count, words["reachable"]),
        (market.value_per_year, lambda value: money(profile.meta.currency, value), words["a_year"]),
        (market.ours_share, percent, words["ours"]),
    ]
    return [(numbers_said(say(value), words), what) for value, say, what in parts if value is not None]


def evidence_words(evidence: Evidence | None, words: Mapping[str, str]) -> str:
    """Strength of evidence in one word of the page's language."""
    if evidence is None:
        return words["assumption"]
    return words[("too_few", "weak", "fair", "strong")[evidence.dots]]
