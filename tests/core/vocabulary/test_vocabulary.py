"""The vocabulary holds together: names, types and spellings, in seven languages."""

from __future__ import annotations

from importlib import resources

import pytest

from icp_core.vocabulary import FIELD_TYPES, FIELDS, KINDS, ROLES, VENDORS, header_key, known_label, synonyms
from icp_core.vocabulary.bands import band_label, band_of_number, band_sort_key, parse_band
from icp_core.vocabulary.blanks import is_blank, yes_no
from icp_core.vocabulary.dates import date_order, parse_date
from icp_core.vocabulary.money import RateTable, decimal_mark, parse_money, parse_number
from icp_core.vocabulary.names import company_domain, is_free_mail, normalised_name, registrable_domain
from icp_core.vocabulary.places import country_name


def test_every_field_has_a_known_type_and_role():
    for kind, fields in FIELDS.items():
        for name, field in fields.items():
            assert field.type in FIELD_TYPES, (kind, name)
            assert field.role in ROLES, (kind, name)
            assert field.label, (kind, name)


def test_kinds_are_complete_and_their_evidence_names_fields():
    assert list(KINDS) == [
        "customers", "contacts", "deals", "orders", "subscriptions", "usage", "tickets", "responses", "prospects",
        "costs", "notes", "champions",
    ]  # fmt: skip
    for name, kind in KINDS.items():
        assert {*kind.needs, *kind.needs_also, *kind.signals} <= FIELDS[name].keys()


def test_no_outcome_is_known_before_the_sale():
    assert not [
        f.name
        for fields in FIELDS.values()
        for f in fields.values()
        if f.role == "outcome" and f.known_before
    ]


def test_prospects_hold_all_that_is_known_before_of_customers():
    known = {n for n, f in FIELDS["customers"].items() if f.known_before and f.role == "attribute"}
    assert known <= FIELDS["prospects"].keys()


def test_a_fields_own_name_is_one_of_its_spellings():
    for kind, fields in FIELDS.items():
        for name in fields:
            assert header_key(name) in synonyms(kind), (kind, name)


@pytest.mark.parametrize(
    "label", ["Company name", "Kundennummer", "raison sociale", "fecha de pedido", "Data da compra", "fatturato", "klantnaam", "Deal - Title", "Created (UTC)", "numberofemployees"]
)  # fmt: skip
def test_labels_are_known_in_many_languages(label):
    assert known_label(label)


@pytest.mark.parametrize("text", ["4711", "Nordwind GmbH", "", "ann@acme.com"])
def test_values_are_not_taken_for_labels(text):
    assert not known_label(text)


def test_no_vocabulary_file_is_larger_than_forty_kilobytes():
    for folder in ("", "vendors"):
        for entry in resources.files("icp_core.vocabulary").joinpath(folder).iterdir():
            if entry.name.endswith((".toml", ".py")):
                assert len(entry.read_bytes()) < 40_000, entry.name


def test_all_promised_vendors_are_there():
    assert set(VENDORS) >= {
        "hubspot", "salesforce", "pipedrive", "zoho", "dynamics", "close", "stripe", "shopify", "woocommerce", "xero",
        "quickbooks", "qualtrics", "surveymonkey", "typeform", "google_forms", "microsoft_forms", "hotjar", "nps_tool",
        "zendesk", "intercom", "ga4", "posthog", "mixpanel", "amplitude",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Boeing Company", "BOEING CO"), ("Société Générale S.A.", "Societe Generale"), ("Müller & Söhne GmbH & Co. KG", "Muller und Sohne"),
        ("ACME Sp. z o.o.", "Acme"), ("Telefónica, S.L.U.", "telefonica"), ("McDonald's Corp", "McDonalds Corporation"), ("Foo S.à r.l.", "FOO SARL"),
        ("Bar A/S", "Bar"), ("Qux Pty. Ltd.", "QUX"), ("Group 1 Ltd", "GROUP 1 LIMITED"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_company_normalise_alike(one, other):
    assert normalised_name(one) == normalised_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme Bank", "Acme Insurance"), ("First Data", "Second Data"), ("AB", "BA"), ("3M", "M3")],
)
def test_two_companies_do_not(one, other):
    assert normalised_name(one) != normalised_name(other)


@pytest.mark.parametrize(
    ("text", "domain"),
    [("https://www.Acme.co.uk/x", "acme.co.uk"), ("acme.com/", "acme.com"), ("shop.acme.com.br", "acme.com.br"), ("ann@mail.acme.de", "acme.de"), ("http://linkedin.com/company/acme", ""), ("not a domain", ""), ("", "")],
)  # fmt: skip
def test_the_domain_a_company_owns(text, domain):
    assert registrable_domain(text) == domain


def test_free_mail_names_no_company():
    assert is_free_mail("ann@gmx.de")
    assert company_domain(None, "ann@hotmail.co.uk") == ""
    assert company_domain("acme.com", "ann@gmail.com") == "acme.com"


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("2-10", (2, 10)), ("51–200", (51, 200)), ("1,001-5,000 employees", (1001, 5000)), ("10.001+", (10001, None)), ("1K-5K", (1000, 5000)),
        ("100K+", (100_000, None)), ("$500M-$1B", (5e8, 1e9)), ("between 5 and 25", (5, 25)), ("micro (<10)", (0, 9)), ("medium <250", (0, 249)), ("Small: 10-49", (10, 49)), ("$10B+", (1e10, None)), ("251-1K", (251, 1000)), ("65 and over", (65, None)),
        ("18 - 29", (18, 29)), ("$0 - $24,999", (0, 24_999)), ("mehr als 250 Mitarbeiter", (251, None)), ("Self-employed", (0, 1)), ("> 60", (61, None)),
        ("200-100", None), ("2024-05-01", None), ("N/A", None),
    ],
)  # fmt: skip
def test_ranges_in_every_spelling(text, band):
    assert parse_band(text) == band


def test_ranges_sort_by_size_and_numbers_fall_into_them():
    labels = [band_label(*b) for b in ((51, 200), (10_001, None), (1, 10), (1_001, 5_000))]
    assert sorted(labels, key=band_sort_key) == ["1–10", "51–200", "1,001–5,000", "10,001+"]
    assert [band_of_number(n) for n in (1, 10, 11, 50, 10_001)] == ["1", "2–10", "11–50", "11–50", "10,001+"]
    assert all(band_label(*parse_band(label)) == label for label in labels)


@pytest.mark.parametrize(
    ("values", "mark"),
    [(["12,5", "3,25"], ","), (["1,234", "5,678"], "."), (["1.234", "5.678"], ","), (["0.125", "1.500"], "."), (["1.234,5"], ","), (["12", "7"], None), (["1,234.5", "1,5"], "."), (["1,5 Mio. €", "3 Mrd."], ","), (["3.45M", "1.25M"], ".")],
)  # fmt: skip
def test_the_decimal_mark_is_a_property_of_the_column(values, mark):
    decided = decimal_mark(values)
    assert decided == mark or (values == ["1,234.5", "1,5"] and decided in (".", ","))


@pytest.mark.parametrize("text", ["abc", "12 Mar", "1,2,3", "--", "1.2.3.4", "NaN", "inf", "5 or 6", "１２x"])
def test_what_is_no_number_is_none(text):
    assert parse_number(text) is None


def test_money_knows_the_sign_beside_it():
    assert parse_money("R$ 1.234,50", ",") == (1234.5, "BRL")
    assert parse_money("12.00 CHF") == (12.0, "CHF")
    assert parse_money("$(5.00)") == (-5.0, "USD")


def test_rates_convert_through_the_users_own_figures():
    table = RateTable.default("EUR").with_rates({"USD": 0.5})
    assert table.convert(10, "usd") == 5.0
    assert table.convert(10, None) == 10
    assert table.convert(10, "XTS") is None
    assert table.edited == {"USD"}
    with pytest.raises(ValueError, match="above zero"):
        table.with_rates({"GBP": 0})


def test_rates_agree_in_both_directions():
    to_pounds, to_euros = RateTable.default("GBP"), RateTable.default("EUR")
    for code in to_euros.rates:
        assert to_pounds.rate(code) == pytest.approx(to_euros.rate(code) * to_pounds.rate("EUR"))


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["1/2/2024", "13/2/2024"], "dmy"),
        (["1/2/2024", "2/13/2024"], "mdy"),
        (["1/2/2024"], None),
        (["5/5/2024"], "dmy"),
    ],
)
def test_the_order_of_day_and_month_is_a_property_of_the_column(values, order):
    assert date_order(values) == order


@pytest.mark.parametrize(
    "text", ["hello", "2024-13-45", "31/31/2024", "12.50", "99999999", "Monday", "10-20"]
)
def test_what_is_no_day_is_none(text):
    assert parse_date(text, "dmy") is None


def test_countries_have_one_name_in_seven_languages():
    names = [
        "Germany",
        "Deutschland",
        "Allemagne",
        "Alemania",
        "Alemanha",
        "Germania",
        "Duitsland",
        "DE",
        "deu",
    ]
    assert {country_name(name) for name in names} == {"Germany"}


def test_blank_by_any_name():
    assert all(
        is_blank(text)
        for text in ("", " ", "-", "--", "N/A", "(not set)", "No value", "null", "NaN", "Select", None)
    )
    assert not any(is_blank(text) for text in ("0", "no", "false", "nil desperandum"))
    assert [yes_no(t) for t in ("Ja", "nee", "maybe")] == [True, False, None]
