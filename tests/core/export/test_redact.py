from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from icp_core.export.privacy import answers_without_persons, without_persons
from icp_core.export.redact import quote_signature, quote_words, redacted
from icp_core.facts.catalogue import facts_from_frame
from icp_core.profile.model import Quote


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("Mail jo@x.example now", "Mail [e-mail] now"),
        ("o'neil+crm@sub.x-y.example", "[e-mail]"),
        ("see https://x.example/a?b=c.", "see [link]."),
        ("see www.x.example, please", "see [link], please"),
        ("ask @jo_doe", "ask [handle]"),
        ("ring +49 (0)30 123 45-67", "ring [phone]"),
        ("ring 030/1234567 today", "ring [phone] today"),
        ("ring (212) 555-0199", "ring [phone]"),
    ],
)
def test_private_details_are_replaced(said, printed):
    assert redacted(said) == printed


@pytest.mark.parametrize(
    "said",
    [
        "We grew 40–60 % in 2024",
        "It costs €1,200,000 a year",
        "Since 03.04.2025 we wait",
        "On 2025-03-04 it broke",
        "between 12 and 60 staff, 4.000–20.000 patients",
        "order 2024 10 11",
        "a 10x better price @ 5 euro",
    ],
)
def test_figures_and_dates_stay(said):
    assert redacted(said) == said


def test_a_quote_is_signed_without_its_name():
    quote = Quote(text="I, Ruth Adler, agree", role="Owner", company_size="35 staff", person="Ruth Adler")

    assert quote_words(quote) == "I, [name], agree"
    assert quote_signature(quote) == "Owner, 35 staff"
    assert quote_signature(quote, personal=True) == "Ruth Adler, Owner, 35 staff"


def test_answers_leave_the_house_without_the_person_who_gave_them():
    facts = facts_from_frame(pd.DataFrame({"customer_id": ["a"]}), as_of=date(2026, 1, 1), outcomes=[])
    answers = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "customer_name": ["Amber Works", "Birch Works"],
            "person_name": ["Ana Ruiz", None],
            "comment": ["Ask Ana, ana@x.example", None],
        }
    )

    company = answers_without_persons(answers, facts)
    person = answers_without_persons(answers, replace(facts, unit="person"))

    assert company.columns.tolist() == ["customer_id", "customer_name", "comment"]
    assert company["comment"].dropna().tolist() == ["Ask [name], [e-mail]"]
    assert person.columns.tolist() == ["customer_id", "comment"]


@pytest.mark.parametrize("unit", ["account", "person"])
def test_an_id_that_is_an_e_mail_address_becomes_a_running_number_in_exports(unit):
    frame = pd.DataFrame(
        {
            "customer_id": ["jo@x.example", "A-17", "o'neil+crm@sub.x-y.example"],
            "plan": ["S", "M", "see ann@y.example"],
        }
    )
    facts = replace(facts_from_frame(frame, as_of=date(2026, 1, 1), outcomes=[]), unit=unit)

    kept, _ = without_persons(facts)

    assert list(kept["customer_id"]) == ["Customer 1", "A-17", "Customer 3"]
    assert list(kept["plan"]) == ["S", "M", "see [e-mail]"]
    assert facts.frame["customer_id"][0] == "jo@x.example"
