"""What to ask next, whom and how many: interview guide, survey, list of customers, sample size, and what came back."""

from __future__ import annotations

import io
import math
import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
import pandas as pd

from icp_core.facts.catalogue import Facts
from icp_core.stats.intervals import Z, wilson
from icp_core.stats.phrases import MIN_N
from icp_core.voice.scores import answers_needed

# Usual share of people who answer. Nulty (2008, Assessment & Evaluation in Higher Education 33, 301-314) found 33 %
# on average for online surveys; people who hardly know the sender answer far less.
RULE_OF_THUMB_RATE = 0.30
RULE_OF_THUMB_SOURCE = (
    "30 % is a rule of thumb: online surveys averaged 33 % in Nulty (2008, Assessment & Evaluation in Higher "
    "Education 33, 301–314). Use your own rate as soon as you know it."
)
# What is sold, as long as the profile does not name it.
OFFER = "our product"
# A hypothesis holds when likely at least this share of those asked choose it, and falls when likely fewer do. Where
# the profile names a share, half of it is enough.
ENOUGH_SHARE = 0.25
BY_SURVEY = "By survey: share of"
_MOST_OPTIONS = 9
# Average customers: the middle two fifths by value.
_AVERAGE_FROM, _AVERAGE_TO, _BEST_FROM = 0.3, 0.7, 0.8
_PROFILE_SECTIONS = {
    "jobs": "Job",
    "pains": "Pain",
    "triggers": "Trigger",
    "buying_criteria": "Criterion",
    "objections": "Objection",
    "buying_roles": "Decision maker",
    "channels": "Channel",
    "values": "Value",
}

# Lists of the profile whose lines customers can confirm or refute.
SECTIONS = tuple(_PROFILE_SECTIONS)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("research.toml").read_text(encoding="utf-8"))


def topics() -> dict[str, str]:
    """Topics of the interview guide: name → title, in their order."""
    return {topic["name"]: topic["title"] for topic in _texts()["topic"]}


@dataclass(frozen=True)
class Hypothesis:
    """One line of the profile that customers can confirm or refute.

    It holds when likely at least the share ``enough`` of those asked choose it, and falls when likely fewer do.
    """

    section: str
    text: str
    is_assumption: bool = True
    enough: float = ENOUGH_SHARE

    @property
    def label(self) -> str:
        return _PROFILE_SECTIONS[self.section]


def hypotheses(profile) -> tuple[Hypothesis, ...]:
    """The shown lines of a profile (or of anything with its lists), assumptions first within each section."""
    found = []
    for section in _PROFILE_SECTIONS:
        lines = [line for line in getattr(profile, section, ()) if line.text.strip() and not line.hidden]
        for line in sorted(lines, key=lambda line: not line.is_assumption):
            found.append(hypothesis(section, line))
    return tuple(dict.fromkeys(found))


def hypothesis(section: str, line) -> Hypothesis:
    """A line of the profile as the answer that customers choose in the survey."""
    role = getattr(line, "role", "") if section == "buying_roles" else ""
    known = _known_share(line, bool(role))
    # "16 % found us through referrals" does not fall because fewer than a quarter say so.
    enough = ENOUGH_SHARE if known is None else min(ENOUGH_SHARE, known / 2)
    evidence = getattr(line, "evidence", None)
    is_guess = evidence is None or evidence.method.startswith(BY_SURVEY)
    return Hypothesis(section, role or _as_answer(line.text), is_guess, enough)


def _known_share(line, is_role: bool) -> float | None:
    """The share of customers a line names (0–1), unless a survey of ours is where it comes from."""
    evidence = getattr(line, "evidence", None)
    if is_role and evidence is not None and evidence.effect_kind == "share":
        return None if evidence.method.startswith(BY_SURVEY) else evidence.effect
    return getattr(line, "share", None)


# "(20 % of lost deals)" is our evidence; whoever is asked must not read it.
_OUR_FIGURES = re.compile(r"\s*\([^()]*\d\s?%[^()]*\)\s*$")


def _as_answer(text: str) -> str:
    """A line of the profile as an answer to choose: without our figures and a closing stop."""
    return _OUR_FIGURES.sub("", " ".join(text.split())).rstrip(" .") or text.strip()


@dataclass(frozen=True)
class Document:
    """A text to download: ``blocks`` of (kind, text), kind one of heading, text, item, tick, line."""

    title: str
    blocks: tuple[tuple[str, str], ...]

    def markdown(self) -> str:
        """The document as Markdown."""
        marks = {
            "heading": "\n## {}\n",
            "text": "\n{}\n",  # a blank line, else it goes on the list item before it
            "item": "- {}",
            "tick": "- [ ] {}",
            "line": "\n______________________\n",
        }
        lines = [f"# {_plain_markdown(self.title)}\n"]
        lines += [marks[kind].format(_plain_markdown(text)) for kind, text in self.blocks]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"

    def docx(self) -> bytes:
        """The document as a Word file."""
        from docx import Document as Word
        from docx.shared import Cm, Pt

        word = Word()
        word.core_properties.author = ""
        word.core_properties.title = self.title
        word.add_heading(_printable(self.title), level=0)
        for kind, text in self.blocks:
            if kind == "heading":
                word.add_heading(_printable(text), level=1)
            elif kind == "item":
                word.add_paragraph(_printable(text), style="List Bullet")
            elif kind == "tick":  # a box to tick is its own bullet
                shape = word.add_paragraph("☐ " + _printable(text)).paragraph_format
                shape.left_indent, shape.space_after = Cm(0.6), Pt(3)
            else:
                word.add_paragraph("_" * 60 if kind == "line" else _printable(text))
        out = io.BytesIO()
        word.save(out)
        return out.getvalue()


def _plain_markdown(text: str) -> str:
    """Words of customers must not become links, images or markup."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split())).replace("**", "")


def _printable(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", " ".join(text.split()))


def interview_guide(profile=None, offer: str = OFFER, topics: Collection[str] | None = None) -> Document:
    """Open questions by topic; with a profile, what to listen for stands under each topic as ticks.

    ``topics``: names out of work, trigger, job, pains, decision, learn, values; all when not given.
    """
    texts = _texts()
    expected = hypotheses(profile) if profile is not None else ()
    blocks = [("item", text) for text in texts["guide"]["intro"]]
    for topic in texts["topic"]:
        if topics is not None and topic["name"] not in topics:
            continue
        blocks.append(("heading", topic["title"]))
        blocks += [("item", question.format(offer=offer)) for question in topic["questions"]]
        listen = [h.text for h in expected if h.section in topic["sections"]]
        if listen:
            blocks.append(("text", "Listen for (do not read out):"))
            blocks += [("tick", text) for text in listen[:_MOST_OPTIONS]]
    blocks.append(("heading", "To close"))
    blocks += [("item", text) for text in texts["guide"]["closing"]]
    return Document(texts["guide"]["title"], tuple(blocks))


@dataclass(frozen=True)
class SurveyQuestion:
    """One question to paste into a survey tool. ``section`` names the hypotheses behind its options."""

    name: str
    text: str
    kind: Literal["nps", "open", "multi", "text"]
    options: tuple[str, ...] = ()
    section: str = ""


def survey(profile=None, offer: str = OFFER) -> tuple[SurveyQuestion, ...]:
    """NPS with its reason, then one multiple-choice question per section whose options are the hypotheses.

    Every list ends with “Something else” and “None of these”, so that a hypothesis can be refuted. Sections
    without hypotheses are left out; of long lists the first nine stay.
    """
    texts = _texts()["survey"]
    found = [
        SurveyQuestion("nps", texts["nps"].format(offer=offer), "nps"),
        SurveyQuestion("comment", texts["why"], "open"),
        SurveyQuestion("miss", texts["miss"].format(offer=offer), "open"),
    ]
    expected = hypotheses(profile) if profile is not None else ()
    for section, question in texts["sections"].items():
        options = [h.text for h in expected if h.section == section][:_MOST_OPTIONS]
        if options:
            options = [*dict.fromkeys(options), texts["other"], texts["none"]]
            found.append(
                SurveyQuestion(section, question.format(offer=offer), "multi", tuple(options), section)
            )
    found.append(SurveyQuestion("job_title", texts["role"], "text"))
    return tuple(found)


def survey_document(questions: Sequence[SurveyQuestion]) -> Document:
    """The survey on paper."""
    texts = _texts()["survey"]
    blocks: list[tuple[str, str]] = [("text", texts["intro"])]
    for number, question in enumerate(questions, 1):
        blocks.append(("heading", f"{number}. {question.text}"))
        if question.kind == "nps":
            blocks.append(("text", " ".join(f"☐ {i}" for i in range(11))))
        elif question.options:
            blocks += [("tick", option) for option in question.options]
        else:
            blocks.append(("line", ""))
    return Document(texts["title"], tuple(blocks))


def survey_table(questions: Sequence[SurveyQuestion]) -> pd.DataFrame:
    """The survey as a table for a survey tool: one row per option; number, question, type, option."""
    kinds = {
        "nps": "0–10 scale",
        "open": "open text",
        "multi": "multiple choice (several answers)",
        "text": "short text",
    }
    rows = [
        (number, question.text, kinds[question.kind], option)
        for number, question in enumerate(questions, 1)
        for option in question.options or ("",)
    ]
    return pd.DataFrame(rows, columns=["number", "question", "type", "option"])


def whom_to_ask(
    facts: Facts,
    inside: np.ndarray | None = None,
    *,
    n: int = 30,
    value: str = "ltv",
    leave_out: Collection[str] = (),
    seed: int = 0,
) -> pd.DataFrame:
    """Customers to interview or survey: best, average and lost ones in equal parts, in and outside the segment.

    Best: active customers in the top fifth by ``value``; average: active, the middle two fifths; lost:
    churned, the most valuable first chosen at random within the segment and outside alike. ``leave_out``:
    customer ids asked lately. When a group is too small the others fill up. Columns: ``customer_id,
    customer_name, group, value, churned, in_segment, why``; groups in that order, most valuable first.
    """
    frame = facts.frame
    rank = frame[value].rank(pct=True) if value in frame else pd.Series(np.nan, index=frame.index)
    gone = frame["churned"].fillna(False).to_numpy(bool) if "churned" in frame else np.zeros(len(frame), bool)
    open_for = ~frame["customer_id"].isin(set(leave_out)).to_numpy()
    segment = np.zeros(len(frame), bool) if inside is None else np.asarray(inside, bool)
    groups = {
        "best": (~gone & (rank >= _BEST_FROM).to_numpy(), "among the top fifth by value"),
        "average": (~gone & rank.between(_AVERAGE_FROM, _AVERAGE_TO).to_numpy(), "in the middle by value"),
        "lost": (gone, "has left"),
    }
    rng = np.random.default_rng(seed)
    queues = {}
    for name, (member, _) in groups.items():
        here = rng.permutation(np.flatnonzero(member & open_for & segment)).tolist()
        there = rng.permutation(np.flatnonzero(member & open_for & ~segment)).tolist()
        queues[name] = [i for pair in _alternating(here, there) for i in pair]
    chosen: dict[int, str] = {}
    while len(chosen) < n and any(queues.values()):
        for name, queue in queues.items():
            if queue and len(chosen) < n:
                chosen[queue.pop(0)] = name
    rows = [
        {
            "customer_id": frame["customer_id"][i],
            "customer_name": frame["customer_name"][i]
            if "customer_name" in frame
            else frame["customer_id"][i],
            "group": name,
            "value": frame[value][i] if value in frame else np.nan,
            "churned": bool(gone[i]),
            "in_segment": bool(segment[i]),
            "why": groups[name][1]
            + (", in the segment" if segment[i] else ", outside the segment" if inside is not None else ""),
        }
        for i, name in chosen.items()
    ]
    columns = ["customer_id", "customer_name", "group", "value", "churned", "in_segment", "why"]
    table = pd.DataFrame(rows, columns=columns)
    table["group"] = pd.Categorical(table["group"], list(groups), ordered=True)
    table = table.sort_values(["group", "value", "customer_id"], ascending=[True, False, True], kind="stable")
    return table.assign(group=table["group"].astype(str)).reset_index(drop=True)


def _alternating(first: list, second: list) -> list[list]:
    longest = max(len(first), len(second))
    return [[*first[i : i + 1], *second[i : i + 1]] for i in range(longest)]


@dataclass(frozen=True)
class SamplePlan:
    """How many answers and invitations a survey takes; ``reachable`` False: the customers do not suffice."""

    population: int
    margin: float
    response_rate: float
    answers: int
    invitations: int
    reachable: bool
    best_margin: float  # what asking everybody brings
    words: str


def sample_plan(
    population: int,
    *,
    margin: float = 0.05,
    response_rate: float = RULE_OF_THUMB_RATE,
    share: float = 0.5,
    measure: Literal["share", "nps"] = "share",
) -> SamplePlan:
    """Answers needed to know a share within ``± margin`` (0–1), and invitations at a response rate.

    n = n₀ / (1 + (n₀ − 1) / N) with n₀ = 1.96² p(1 − p) / margin² (Cochran 1977, finite population). For
    ``measure="nps"`` the margin is in points and the spread that of 50 % promoters and 20 % detractors.

    >>> plan = sample_plan(1000)
    >>> plan.answers, plan.invitations, plan.reachable
    (278, 927, True)
    """
    if population < 1 or not 0 < response_rate <= 1 or margin <= 0:
        raise ValueError("population, margin and response rate must be positive, the rate at most 1")
    spread = math.sqrt(share * (1 - share)) if measure == "share" else 100 * math.sqrt(0.7 - 0.3**2)
    answers = min(answers_needed(spread, margin, 0, population), population)
    invitations = math.ceil(answers / response_rate)
    most = max(1, math.floor(population * response_rate))
    correction = math.sqrt((population - most) / max(population - 1, 1))
    best = Z * spread / math.sqrt(most) * correction
    reachable = invitations <= population
    unit = (lambda m: f"{m * 100:.0f} points") if measure == "share" else (lambda m: f"{m:.0f} points")
    if reachable:
        words = (
            f"{answers:,} answers tell it within ±{unit(margin)}: invite {invitations:,} of {population:,}."
        )
    else:
        words = (
            f"{answers:,} answers would tell it within ±{unit(margin)}, but {population:,} customers bring about "
            f"{most:,}: asking everybody tells it within ±{unit(best)}."
        )
    return SamplePlan(
        population, margin, response_rate, answers, min(invitations, population), reachable, best, words
    )


def check_hypotheses(
    expected: Sequence[Hypothesis],
    responses: pd.DataFrame,
    questions: Sequence = (),
    *,
    offer: str = OFFER,
    ideal: Collection[str] | None = None,
) -> pd.DataFrame:
    """What the answers say about each hypothesis: confirmed, refuted or open, with n.

    The question of a section is the column with its wording as label (``questions``: name, label, kind),
    its name, or the column in which somebody chose the hypothesis. Confirmed: likely a quarter or
    more of those asked chose it (or half the share that the profile names, when that is less); refuted: likely fewer;
    open: the range holds that share, or fewer than ten were asked. Of several answers of one customer the last counts. ``ideal``: customer ids; theirs are the answers that count, and everybody's only where none of
    them was asked (surveys without names). Columns: ``section, label, text, status, n, n_asked, share, low, high,
    words, of_ideal``.
    """
    labels = {q.name: q.label for q in questions}
    mine = np.ones(len(responses), bool)
    if ideal is not None and "customer_id" in responses:
        mine = responses["customer_id"].isin(set(ideal)).to_numpy(bool)
    words = _Words(responses)
    rows = []
    for hypothesis in expected:
        columns = _columns_of(hypothesis, words, labels, offer)
        asked = np.zeros(len(responses), bool)
        picked = np.zeros(len(responses), bool)
        for column in columns:
            asked |= np.array([bool(cell) for cell in words.of(column)], bool)
            picked |= words.holding(column, hypothesis.text)
        if not hypothesis.is_assumption and not picked.any():
            # A line heard from customers that nobody chose came up after the survey: it was not among its answers.
            asked[:] = False
        latest = _latest_of_each(responses, asked)
        asked, picked = asked & latest, picked & latest
        of_ideal = ideal is not None and bool((asked & mine).any())
        if of_ideal:
            asked, picked = asked & mine, picked & mine
        n, n_asked = int(picked.sum()), int(asked.sum())
        low, high = wilson(n, n_asked)
        status = "open"
        if n_asked >= MIN_N:
            enough = hypothesis.enough
            status = "confirmed" if low >= enough else "refuted" if high < enough else "open"
        told = f"{n:,} of {n_asked:,} chose it" if n_asked else "not asked yet"
        share = n / n_asked if n_asked else np.nan
        rows.append(
            [
                hypothesis.section,
                hypothesis.label,
                hypothesis.text,
                status,
                n,
                n_asked,
                share,
                low,
                high,
                told,
                of_ideal,
            ]
        )
    columns = "section label text status n n_asked share low high words of_ideal".split()
    return pd.DataFrame(rows, columns=columns)


def _latest_of_each(responses: pd.DataFrame, asked: np.ndarray) -> np.ndarray:
    """Of several answers of one customer only the last one (boolean); answers of nobody known count each."""
    if "customer_id" not in responses:
        return np.ones(len(responses), bool)
    given = responses["customer_id"].where(asked)
    if "answered_on" in responses:
        given = given.iloc[np.argsort(responses["answered_on"].to_numpy(), kind="stable")]
    earlier = given.notna() & given.duplicated(keep="last")
    return ~earlier.reindex(responses.index).to_numpy(bool)


class _Words:
    """The cells of a survey in plain words, each column read once: many hypotheses look into the same cells."""

    def __init__(self, responses: pd.DataFrame):
        self.responses = responses
        self._columns: dict[str, list[str]] = {}

    def of(self, column: str) -> list[str]:
        if column not in self._columns:
            self._columns[column] = [_flat(_cell(value)) for value in self.responses[column]]
        return self._columns[column]

    def holding(self, column: str, text: str) -> np.ndarray:
        """Which rows hold the text as an answer (boolean)."""
        wanted = _flat(text)
        return np.array(
            [
                wanted in cell and _holds(value, text)
                for cell, value in zip(self.of(column), self.responses[column], strict=True)
            ],
            bool,
        )


def _columns_of(hypothesis, words: _Words, labels, offer) -> list[str]:
    question = _texts()["survey"]["sections"].get(hypothesis.section, "").format(offer=offer)
    # The offer may be named otherwise in the survey: compare the words around it.
    stem = _flat(question.split(offer)[0]) if offer in question else _flat(question)
    by_label = [
        name
        for name in words.responses.columns
        if (len(stem) > 12 and _flat(labels.get(name, name)).startswith(stem)) or name == hypothesis.section
    ]
    if by_label:
        return by_label
    return [
        name
        for name in words.responses.columns
        if name != "comment" and words.holding(name, hypothesis.text).any()
    ]


def _holds(value, text: str) -> bool:
    """True when a cell holds the answer: one of a list, or one part of a joined text."""
    wanted = _flat(text)
    if isinstance(value, (list, tuple, np.ndarray)):
        if "/" in text:  # a reader may have taken the stroke for the mark between answers
            return f" {wanted} " in f" {_flat(_cell(value))} "
        return any(_flat(part) == wanted for member in value for part in re.split(r"[;|]", str(member)))
    cell = _cell(value)
    if not cell or wanted not in _flat(cell):
        return False
    # An answer that itself holds a comma or bracket cannot be found by parting the cell.
    parts = [cell] if re.search(r"[;,|\n]", text) else re.split(r"[;,|\n]", cell)
    whole = parts == [cell] and parts != re.split(r"[;,|\n]", cell)
    return any(_flat(part) == wanted or (whole and f" {wanted} " in f" {_flat(part)} ") for part in parts)


def _cell(value) -> str:
    if isinstance(value, (list, tuple, np.ndarray)):
        return " ; ".join(str(v) for v in value)
    return "" if value is None or value is pd.NA or value != value else str(value)


def _flat(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
