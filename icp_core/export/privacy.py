"""Which columns name a person, and what is left of a table when persons are not to be named."""

from __future__ import annotations

import pandas as pd

from icp_core.export.redact import quote_words, redacted
from icp_core.facts.catalogue import Facts
from icp_core.profile.model import Quote

# Fields of the vocabulary that name or reach a person; ``owner`` is one of our own people.
PERSON_FIELDS = frozenset({"person_name", "email", "phone", "owner", "contact_id", "speaker", "author"})
# For persons as customers these name somebody as well.
PERSON_CUSTOMER_FIELDS = PERSON_FIELDS | {"customer_name", "account_name", "domain"}
_MAIL_SIGN = "@"


def without_persons(facts: Facts) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The customers without columns that name persons, and the names of the columns left out.

    Where customers are persons, an id that looks like an e-mail address becomes a running number. E-mails,
    phone numbers and links inside free text are replaced by a word in brackets.
    """
    persons = PERSON_CUSTOMER_FIELDS if facts.unit == "person" else PERSON_FIELDS
    left_out = [name for name in facts.frame.columns if name in persons]
    frame = facts.frame.drop(columns=left_out)
    frame = redact_columns(frame, free_text=[n for n, a in facts.catalogue.items() if a.kind == "text"])
    return frame, tuple(left_out)


def persons_left_out(frame: pd.DataFrame) -> pd.DataFrame:
    """Any table without columns that name persons and without e-mails in its text."""
    kept = frame.drop(columns=[c for c in frame.columns if str(c).strip().lower() in PERSON_FIELDS])
    return redact_columns(kept, free_text=())


def answers_without_persons(
    answers: pd.DataFrame, facts: Facts, *, words: str = "comment", person: str = "person_name"
) -> pd.DataFrame:
    """Answers as they may leave the house: who gave them is not told, and their words name nobody.

    ``words`` is the column of what was said, ``person`` the one of who said it: that name is taken out of the
    words too. Where customers are persons, their names go as well.
    """
    persons = PERSON_CUSTOMER_FIELDS if facts.unit == "person" else PERSON_FIELDS
    frame = answers
    if words in answers:
        names = answers[person] if person in answers else [None] * len(answers)
        said = [
            quote_words(Quote(text=text, person=name if isinstance(name, str) else None))
            if isinstance(text, str)
            else text
            for text, name in zip(answers[words], names, strict=True)
        ]
        frame = answers.assign(**{words: pd.Series(said, index=answers.index, dtype=object)})
    kept = frame.drop(columns=[name for name in frame.columns if name in persons])
    return redact_columns(kept, free_text=())


def redact_columns(frame: pd.DataFrame, *, free_text: list[str] | tuple[str, ...]) -> pd.DataFrame:
    """Text columns with e-mails, links, handles and phone numbers taken out; other columns as they are."""
    changed = {}
    for name in frame.columns:
        column = frame[name]
        if not pd.api.types.is_string_dtype(column.dtype):
            continue
        has_mail = column.str.contains(_MAIL_SIGN, regex=False, na=False)
        if name == "customer_id":
            if has_mail.any():
                changed[name] = [
                    f"Customer {i + 1}" if mail else v
                    for i, (v, mail) in enumerate(zip(column, has_mail, strict=True))
                ]
        elif name in free_text or has_mail.any():
            changed[name] = column.map(redacted, na_action="ignore")
    return frame.assign(**changed) if changed else frame
