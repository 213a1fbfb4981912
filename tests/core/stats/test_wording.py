"""Figures and certainty in words."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_core.stats import phrases, wording


@pytest.mark.parametrize(
    ("currency", "value", "headline", "full"),
    [
        ("EUR", 14234, "€14,200", "€14,234.00"),
        ("USD", 1_234_567, "$1.23M", "$1,234,567.00"),
        ("USD", 999_999, "$1M", "$999,999.00"),
        ("GBP", 0, "£0", "£0.00"),
        ("JPY", 5432.1, "¥5,430", "¥5,432"),
        ("CHF", -89.456, "−CHF 89.5", "−CHF 89.46"),
        ("EUR", 0.4567, "€0.457", "€0.46"),
        (None, 14234, "14,200", "14,234.00"),
        ("EUR", float("nan"), "not known", "not known"),
    ],
)
def test_money_has_three_significant_digits_in_headlines_and_all_in_full(currency, value, headline, full):
    assert wording.money(currency, value) == headline
    assert wording.money(currency, value, exact=True) == full


@given(st.floats(0.01, 999_000))
def test_money_in_headlines_is_within_half_a_percent(value):
    said = float(wording.money("EUR", value).removeprefix("€").replace(",", ""))
    assert math.isclose(said, value, rel_tol=0.0051)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.123, "12.3 %"),
        (0.9999, "over 99.9 %"),
        (1, "100 %"),
        (-0.05, "−5 %"),
    ],
)
def test_rate_never_rounds_to_nothing_or_to_all(value, said):
    assert wording.rate(value) == said


def test_range_says_the_unit_once():
    assert wording.interval_words(12400, 16300, "EUR") == "likely €12,400–16,300"
    assert wording.interval_words(0.121, 0.18, "%") == "likely 12.1–18 %"
    assert wording.interval_words(14, 20, "months") == "likely 14–20 months"
    assert wording.interval_words(-12, 8, "nps") == "likely −12 to +8"
    assert wording.interval_words(math.nan, 3) == ""


def test_effect_shows_the_corrected_figure_first():
    assert wording.effect_words(1.6, 2.4) == "about 1.6× (2.4× in this data, reduced for luck)"
    assert wording.effect_words(1.6, 1.61) == "about 1.6×"
    assert (
        wording.effect_words(4.2, 6.8, "months")
        == "about 4.2 months (6.8 months in this data, reduced for luck)"
    )
    assert wording.effect_words(1.6, 2.4, clear=False) == "no clear difference"


def test_dates_read_like_the_screen():
    assert wording.on_date(date(2026, 11, 21)) == "21 Nov 2026"
    assert wording.on_date(None) == "not known"


def test_typical_value_carries_range_and_number():
    assert wording.typical_words(640, 520, 790, 48) == "typical 640, likely 520–790 (n = 48)"


@pytest.mark.parametrize(
    ("p", "stability", "n", "said", "dots"),
    [
        (0.01, 0.7, 48, "Solid", 3),
        (0.01, 0.69, 48, "Likely", 2),
        (0.011, 0.9, 48, "Likely", 2),
        (0.05, None, 48, "Likely", 2),
        (0.051, 1.0, 48, "Hint", 1),
        (None, None, 48, "Hint", 1),
        (0.001, 1.0, 9, "Too few to say", 0),
    ],
)
def test_verdict_is_one_of_four_phrases_with_its_dots(p, stability, n, said, dots):
    assert phrases.verdict(p, stability, n) == said
    assert phrases.dots(said) == dots
    assert phrases.dots_text(said).count("●") == dots


def test_more_customers_are_needed_the_nearer_a_hint_is_to_luck():
    assert phrases.more_needed(0.04, 40) == 0
    assert phrases.more_needed(0.06, 40) < phrases.more_needed(0.2, 40) < phrases.more_needed(0.5, 40)
    assert phrases.more_needed(0.95, 40) is None
