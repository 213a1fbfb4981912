"""What people at customers say and ask: Qualtrics survey, team notes, support tickets."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import constants as c
import voice_texts as texts
from accounts import Customer
from files import write_csv
from names import NamePool, email, misspell_as_accounting_does

_FIXED = (
    ("StartDate", "Start Date", "startDate"), ("EndDate", "End Date", "endDate"),
    ("Status", "Response Type", "status"), ("IPAddress", "IP Address", "ipAddress"),
    ("Progress", "Progress", "progress"), ("Duration (in seconds)", "Duration (in seconds)", "duration"),
    ("Finished", "Finished", "finished"), ("RecordedDate", "Recorded Date", "recordedDate"),
    ("ResponseId", "Response ID", "_recordId"), ("RecipientLastName", "Recipient Last Name", "recipientLastName"),
    ("RecipientFirstName", "Recipient First Name", "recipientFirstName"),
    ("RecipientEmail", "Recipient Email", "recipientEmail"),
    ("ExternalReference", "External Data Reference", "externalDataReference"),
    ("LocationLatitude", "Location Latitude", "locationLatitude"),
    ("LocationLongitude", "Location Longitude", "locationLongitude"),
    ("DistributionChannel", "Distribution Channel", "distributionChannel"),
    ("UserLanguage", "User Language", "userLanguage"),
)  # fmt: skip
_QUESTIONS = (
    ("Q1_NPS_GROUP", "On a scale from 0 to 10, how likely are you to recommend Tidelane to a friend or colleague? - Group",
     "QID1_NPS_GROUP"),
    ("Q1", "On a scale from 0 to 10, how likely are you to recommend Tidelane to a friend or colleague?", "QID1"),
    ("Q2", "Why did you give this score?", "QID2_TEXT"),
    ("Q3", "Which results matter most to you? (choose up to three)", "QID3"),
    ("Q4", "What is your role?", "QID4"),
)  # fmt: skip
_WAVES = tuple(date(year, month, 6) for year in (2024, 2025, 2026) for month in (5, 10))


class _Deck:
    """Deals the cards in random order and shuffles again only when all are dealt."""

    def __init__(self, random: Random, cards: Sequence[Any]) -> None:
        self._random, self._cards, self._pile = random, list(cards), []

    def deal(self) -> Any:
        if not self._pile:
            self._pile = self._random.sample(self._cards, len(self._cards))
        return self._pile.pop()


class _Voice:
    """Finds words for a customer, a score and a language."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._decks: dict[str, _Deck] = {}

    def _deal(self, key: str, cards: Sequence[str]) -> str:
        if key not in self._decks:
            self._decks[key] = _Deck(self._random, cards)
        return self._decks[key].deal()

    def comment(self, customer: Customer, score: int, language: str) -> str:
        """Why this score; empty when the person did not want to write."""
        draw = self._random.random()
        if draw < 0.16:
            return ""
        if draw < 0.19:
            return self._random.choice(texts.NO_ANSWERS)
        mood = (
            "icp"
            if customer.kind == "icp" and score >= 7
            else "high"
            if score >= 9
            else "mid"
            if score >= 7
            else "low"
        )
        if language in ("DE", "FR"):
            phrases = (texts.GERMAN if language == "DE" else texts.FRENCH)[mood]
            return self._deal(language + mood, phrases)
        if mood == "low" and customer.kind == "anti":
            mood = "anti"
        openings, seconds = {
            "icp": (texts.ICP_OPENINGS, texts.ICP_SECOND),
            "high": (texts.PROMOTER_OPENINGS, texts.PROMOTER_SECOND),
            "mid": (texts.PASSIVE_OPENINGS, texts.PASSIVE_SECOND),
            "low": (texts.DETRACTOR_OPENINGS, texts.DETRACTOR_SECOND),
            "anti": (texts.ANTI_OPENINGS, texts.ANTI_SECOND),
        }[mood]
        comment = self._deal(mood, openings)
        if self._random.random() < 0.5:
            comment += " " + self._deal(mood + " second", seconds)
        comment = fill(comment, customer)
        draw = self._random.random()
        return comment.lower().rstrip(".") if draw < 0.10 else comment.rstrip(".") if draw < 0.22 else comment


def fill(text: str, customer: Customer) -> str:
    """Put the account's own numbers into a sentence."""
    seats = customer.users
    return text.format(
        sites=max(customer.sites or 3, 3),
        crews=max(8, seats // 2),
        hours=6 + seats % 9,
        name=customer.contact[0],
    )


def _choose(random: Random, weighted: Sequence[tuple[str, int, int]], ideal: bool, count: int) -> list[str]:
    pool = [(choice, (icp if ideal else other)) for choice, icp, other in weighted]
    chosen: list[str] = []
    for _ in range(count):
        left = [(choice, weight) for choice, weight in pool if choice not in chosen]
        chosen.append(random.choices([choice for choice, _ in left], [weight for _, weight in left])[0])
    return [choice for choice, *_ in weighted if choice in chosen]


def write_survey(path: Path, customers: list[Customer], names: NamePool) -> None:
    """Six waves of a relationship survey, in Qualtrics' shape: ids, questions, import ids, then answers."""
    random = c.stream("survey")
    voice = _Voice(random)
    rows = []
    for number in range(c.N_SURVEY_ANSWERS):
        sent = _WAVES[number * len(_WAVES) // c.N_SURVEY_ANSWERS]
        answered = sent + timedelta(days=int(random.expovariate(0.25)))
        able = [
            x for x in customers if x.is_active(answered) and x.started_on < answered - timedelta(days=60)
        ]
        customer = random.choices(able, [2.2 if x.kind == "icp" else 1.0 for x in able])[0]
        rows.append(_answer(random, voice, names, customer, answered, _score(random, customer)))
    for number in range(c.N_SURVEY_PREVIEWS):
        preview = _answer(
            random, voice, names, customers[number], date(2024, 5, 3), random.choice((0, 5, 10))
        )
        preview[2], preview[9:12] = "Survey Preview", ["", "", ""]
        preview[19] = random.choice(("test", "Test Nora", "asdf", ""))
        rows.append(preview)
    for number in range(4):  # opened the link and left
        broken = _answer(random, voice, names, customers[40 + number], _WAVES[number], 5)
        broken[4], broken[6], broken[17:] = 20, "False", ["", "", "", "", ""]
        rows.append(broken)
    rows.sort(key=lambda row: row[0])
    columns = (*_FIXED, *_QUESTIONS)
    questions = [label for _, label, _ in columns]
    imports = [
        json.dumps({"ImportId": key, "timeZone": "Europe/Amsterdam"} if "Date" in key else {"ImportId": key}, separators=(",", ":"))
        for _, _, key in columns
    ]  # fmt: skip
    write_csv(path, [column for column, _, _ in columns], [questions, imports, *rows])


def _score(random: Random, customer: Customer) -> int:
    mean = c.NPS_MEAN[customer.kind] - (1.3 if customer.cancel_requested_on else 0.0)
    return min(10, max(0, round(random.gauss(mean, 0.9 if customer.kind == "icp" else 1.8))))


def _answer(
    random: Random, voice: _Voice, names: NamePool, customer: Customer, day: date, score: int
) -> list[Any]:
    first, last = customer.contact
    address = customer.contact_email
    if customer.mail_domain.endswith(".example") and random.random() < 0.45:
        first, last = names.person(customer.country)
        address = email(first, last, customer.mail_domain)
    start = datetime.combine(day, time(random.randrange(7, 20), random.randrange(60), random.randrange(60)))
    seconds = random.randint(45, 600)
    end = start + timedelta(seconds=seconds)
    language = "EN"
    if customer.country in ("Germany", "Austria") and random.random() < 0.2:
        language = "DE"
    elif customer.country == "France" and random.random() < 0.3:
        language = "FR"
    group = "Promoter" if score >= 9 else "Passive" if score >= 7 else "Detractor"
    ideal = customer.kind == "icp"
    results = (
        _choose(random, texts.RESULTS, ideal, random.choice((2, 3, 3))) if random.random() > 0.08 else []
    )
    role = _choose(random, texts.ROLES, ideal, 1)[0] if random.random() > 0.05 else ""
    return [
        str(start), str(end), "IP Address", f"203.0.113.{random.randrange(1, 255)}", 100, seconds, "True",
        str(end + timedelta(seconds=1)), "R_" + "".join(random.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHKLMN123456789", k=15)),
        last, first, address, "", "", "", "email", language, group, score, voice.comment(customer, score, language),
        ",".join(results), role,
    ]  # fmt: skip


def write_notes(path: Path, customers: list[Customer]) -> None:
    """What sales, success and support typed after a call; customer names as colleagues write them."""
    random = c.stream("notes")
    by_kind = {kind: [x for x in customers if x.kind == kind] for kind in ("icp", "other", "anti")}
    picked = list(texts.TEAM_NOTES) + random.sample(texts.TEAM_NOTES, 9)
    rows = []
    for role, kind, note in picked:
        customer = random.choice(by_kind[kind])
        last = min(customer.ended_on or c.AS_OF, c.AS_OF)
        if role == "Sales":
            day = customer.won_on - timedelta(days=random.randint(1, max(2, customer.cycle_days)))
        else:
            day = customer.started_on + timedelta(
                days=random.randint(5, max(6, (last - customer.started_on).days))
            )
        rows.append(
            [
                min(day, c.AS_OF).isoformat(),
                role,
                misspell_as_accounting_does(customer.name, random),
                fill(note, customer),
            ]
        )
    rows.sort(key=lambda row: row[0])
    write_csv(path, ("Date", "Author role", "Customer", "Note"), rows)


def write_tickets(path: Path, customers: list[Customer]) -> None:
    """Zendesk view export, last 24 months; very small firms ask more often than they pay for."""
    random = c.stream("tickets")
    first = c.USAGE_FIRST_MONTH
    rows = []
    for number in range(c.N_TICKETS):
        day = first + timedelta(days=random.randrange((c.AS_OF - first).days))
        able = [x for x in customers if x.is_active(day)]
        customer = random.choices(able, [{"icp": 0.9, "anti": 2.2}.get(x.kind, 1.0) for x in able])[0]
        group = random.choices(list(texts.TICKET_SUBJECTS), (30, 22, 14, 14, 10))[0]
        opened = datetime.combine(day, time(random.randrange(6, 18), random.randrange(60)))
        hours = random.choice((1, 1, 2, 3, 5, 8, 20, 28, 50, 96))
        solved = opened + timedelta(hours=hours, minutes=random.randrange(60))
        is_solved = solved.date() <= c.AS_OF and random.random() > 0.02
        rating = (
            random.choices(("Good", "Bad", ""), (30, 12 if hours >= 20 else 4, 60))[0] if is_solved else ""
        )
        rows.append([
            48_200 + number, random.choice(texts.TICKET_SUBJECTS[group]), " ".join(customer.contact),
            customer.contact_email, misspell_as_accounting_does(customer.name, random) if random.random() > 0.08 else "", group,
            "Solved" if is_solved else "Open", random.choices(("Low", "Normal", "High", "Urgent"), (20, 60, 15, 5))[0],
            str(opened), str(solved) if is_solved else "", rating,
        ])  # fmt: skip
    rows.sort(key=lambda row: (row[8], row[0]))
    for number, row in enumerate(rows):
        row[0] = 48_200 + number
    header = ("Id", "Subject", "Requester", "Requester email", "Organization", "Group", "Status", "Priority",
              "Created at", "Solved at", "Satisfaction Score")  # fmt: skip
    write_csv(path, header, rows)
