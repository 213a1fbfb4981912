"""What a table is, told by headings in seven languages and by content; confidence that keeps its word."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.gather.answers import answers, kind_answers
from icp_core.gather.candidates import by_heading
from icp_core.gather.convert import typed_table
from icp_core.gather.read import read_file
from icp_core.gather.recognise import (
    recognise,
    recognition_from_dict,
    recognition_to_dict,
    with_corrections,
)
from tests.core.gather.holdout import tables
from tests.core.gather.published import published
from tests.core.gather.real_data import shared_file
from tests.core.gather.tables import raw_table
from tests.core.gather.vendor_tables import EXPORTS


def fields_of(recognition) -> dict[str, str | None]:
    return {c.name: c.field for c in recognition.columns}


@pytest.mark.parametrize(
    ("places", "field"),
    [(("University", "Public lab", "Company", "Other"), None), (tuple(f"Firm {n} Ltd" for n in range(30)), "account_name")],
    ids=["options", "names"],
)  # fmt: skip
def test_a_question_where_one_works_asks_for_the_company_only_if_the_answers_name_some(places, field):
    rows = [[f"2025-01-{n % 28 + 1:02d} 10:00:00", places[n % len(places)], str(n % 11)] for n in range(60)]
    columns = ["Timestamp", "Where do you work?", "How likely are you to recommend us?"]

    found = recognise(raw_table(columns, rows))

    assert found.kind == "responses" and fields_of(found)["Where do you work?"] == field


def test_a_list_of_those_who_left_says_when_and_why():
    rows = [[f"Firm {i} Ltd", f"2024-05-{i + 1:02d}", ("Price", "Competitor")[i % 2]] for i in range(20)]

    found = recognise(raw_table(["Customer", "Cancellation date", "Reason"], rows))

    assert found.kind == "customers"
    assert [c.field for c in found.columns] == ["account_name", "churned_on", "churn_reason"]


def test_telco_customers_map_to_tenure_revenue_and_churn():
    found = recognise(read_file(shared_file("telco/Telco-Customer-Churn.csv")).tables[0])
    fields = fields_of(found)
    assert found.kind == "customers"
    assert (fields["tenure"], fields["MonthlyCharges"], fields["TotalCharges"], fields["Churn"]) == (
        "tenure_months", "mrr", "total_revenue", "churned",
    )  # fmt: skip
    assert fields["customerID"] == "account_id"
    assert fields["OnlineSecurity"] is fields["TechSupport"] is None
    assert [ask for c in found.columns for ask in c.asks] == []


def test_an_order_log_without_headings_maps_by_content():
    found = recognise(read_file(shared_file("cdnow/CDNOW_sample.txt")).tables[0])
    assert found.kind == "orders"
    assert [c.field for c in found.columns] == ["account_id", None, "ordered_on", "quantity", "amount"]
    assert max(c.confidence for c in found.columns if c.field) < 0.9
    assert any(c.asks for c in found.columns)


def test_online_retail_lines_are_orders():
    found = recognise(read_file(shared_file("online_retail/online_retail_2010-12.csv")).tables[0])
    assert found.kind == "orders"
    assert [c.field for c in found.columns] == [
        "order_id", "product_id", "product", "quantity", "ordered_on", "unit_price", "account_id", "country",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "vendor"),
    [
        ("google_forms/spack-user-survey-2020-responses.csv", "google_forms"),
        ("google_forms/spack-user-survey-2020-responses.xlsx", "google_forms"),
        ("surveymonkey/StarWars.csv", "surveymonkey"),
        ("surveymonkey/flying-etiquette.csv", "surveymonkey"),
        ("surveymonkey/thanksgiving-2015-poll-data.csv", "surveymonkey"),
        ("surveygizmo/20160115235816-SurveyExport.csv", None),
    ],
)
def test_real_surveys_are_answers_whose_questions_stay_columns(name, vendor):
    found = recognise(read_file(shared_file(name)).tables[0])
    assert (found.kind, found.vendor) == ("responses", vendor)
    assert sum(c.field is None and c.include for c in found.columns) >= 0.6 * len(found.columns)
    assert "nps" not in fields_of(found).values()


def test_no_survey_answer_is_lost_by_a_heading_that_asks_how_long():
    found = recognise(read_file(shared_file("google_forms/spack-user-survey-2020-responses.csv")).tables[0])
    fields = {c.name: c for c in found.columns}
    several = fields["What OS do you use Spack on?"]
    assert (several.type, several.options["splitter"]) == ("multi", ",")
    assert fields["How long have you been using Spack?"].type == "number"


def test_confidence_keeps_its_word_on_tables_no_rule_was_tuned_on():
    claimed: list[bool] = []
    kinds: list[bool] = []
    n_columns = 0
    for kind, file_name, headings, rows, truth in tables():
        found = recognise(raw_table(headings, rows, file_name=file_name))
        kinds.append(found.kind == kind)
        n_columns += len(headings)
        claimed += [c.field == truth[c.name] for c in found.columns if c.field and c.confidence >= 0.9]
    assert n_columns >= 150
    assert sum(kinds) >= 0.9 * len(kinds)
    assert len(claimed) >= 100
    assert sum(claimed) >= 0.95 * len(claimed)


def test_without_headings_nothing_is_claimed_at_ninety():
    for _, _, headings, rows, _ in tables():
        found = recognise(raw_table([f"Column {i + 1}" for i in range(len(headings))], rows))
        assert all(c.confidence < 0.9 for c in found.columns if c.field)


def test_headings_in_an_unknown_language_map_by_content():
    random = Random(3)
    rows = [
        [f"a{i}@firma{i}.pl", random.choice(("Polska", "Germany", "France")), f"Zakład {i} Sp. z o.o.", random.choice(("11-50", "51-200", "201-500")), f"www.firma{i}.pl"]
        for i in range(60)
    ]  # fmt: skip
    found = recognise(raw_table(["Poczta", "Kraj", "Nazwa zakładu", "Zatrudnienie", "Strona"], rows))
    assert [c.field for c in found.columns] == ["email", "country", "account_name", "employee_band", "domain"]
    assert found.kind in ("customers", "prospects")


def test_the_file_name_breaks_ties_but_does_not_decide():
    columns = ["Company", "Website", "Industry", "Employees", "Country"]
    rows = [[f"Firm {i} Ltd", f"firm{i}.com", "Retail", str(10 + i), "France"] for i in range(30)]
    assert recognise(raw_table(columns, rows, file_name="prospects.csv")).kind == "prospects"
    assert recognise(raw_table(columns, rows, file_name="table.csv")).kind == "customers"
    orders = ["Order number", "Order date", "Customer", "Net amount"]
    lines = [[f"O{i}", "2024-01-05", "Firm A Ltd", "12.50"] for i in range(30)]
    assert recognise(raw_table(orders, lines, file_name="prospects.csv")).kind == "orders"


@pytest.mark.parametrize(
    ("heading", "not_field"),
    [
        ("Account Owner Email", "email"),
        ("Parent Account Name", "account_name"),
        ("Created By", "person_name"),
        ("Assistant Phone", "phone"),
        ("Partner Website", "domain"),
        ("Opportunity Name", "account_name"),
        ("Referred by company", "account_name"),
    ],
)
def test_other_peoples_columns_are_not_the_rows_own_identity(heading, not_field):
    assert not_field not in {name for name, _, _ in by_heading(heading, "customers")}


@pytest.mark.parametrize(
    "heading", ["BDR email", "Kundenbetreuer E-Mail", "Email propriétaire", "Zugewiesen an"]
)
def test_a_few_addresses_of_one_company_on_many_rows_are_colleagues(heading):
    rows = [[f"Firm {i} Ltd", f"rep{i % 4}@ours.com", "Retail", str(i)] for i in range(30)]
    found = recognise(raw_table(["Company", heading, "Industry", "Employees"], rows))
    assert found.columns[1].field is None


@pytest.mark.parametrize("heading", ["LinkedIn URL", "Logo URL", "HubSpot link", "Agency website"])
def test_pages_on_other_sites_are_no_web_domain(heading):
    rows = [[f"Firm {i} Ltd", f"https://site{i}.com/page", "Retail"] for i in range(12)]
    assert recognise(raw_table(["Company", heading, "Industry"], rows)).columns[1].field is None


def test_the_few_agencies_of_many_customers_are_not_the_customers():
    rows = [[f"K{i:03}", ("Nord Agentur GmbH", "Süd Agentur GmbH")[i % 2], str(i)] for i in range(30)]
    found = recognise(raw_table(["Kundennummer", "Vermittelt durch", "Mitarbeiter"], rows), kind="customers")
    assert found.columns[1].field is None


def test_colleagues_addresses_are_not_the_customers():
    rows = [[f"Firm {i} Ltd", f"rep{i % 4}@ours.com", "Retail", str(i)] for i in range(30)]
    table = raw_table(["Company", "Email", "Industry", "Employees"], rows)
    assert fields_of(recognise(table))["Email"] == "email"
    assert fields_of(recognise(table, own_domains=["ours.com"]))["Email"] is None


def test_a_table_of_unknown_columns_has_no_kind_and_says_so():
    found = recognise(raw_table(["alpha", "beta"], [["x", "y"], ["p", "q"]]))
    assert found.kind is None
    assert "Say what one row is" in found.kind_reason
    assert [c.field for c in found.columns] == [None, None]


def test_comments_without_a_name_are_offered_as_what_they_may_be():
    rows = [
        ["Access", f"We waited {i} minutes for the appointment, and nobody said why.", "North"]
        for i in range(40)
    ]

    found = recognise(raw_table(["label", "feedback", "organization"], rows))

    assert found.kind is None
    [question] = found.asks
    assert "responses" in [kind for kind, _ in kind_answers(question)] and len(kind_answers(question)) > 1


def test_a_heading_that_fits_but_content_that_does_not_is_not_mapped():
    rows = [
        ["Firm A Ltd", "many", "soon"],
        ["Firm B Ltd", "few", "later"],
        ["Firm C Ltd", "none at all", "never"],
    ]
    fields = fields_of(recognise(raw_table(["Company", "Employees", "Customer since"], rows)))
    assert fields["Employees"] is None
    assert fields["Customer since"] is None


@pytest.mark.parametrize(
    ("values", "field"),
    [(["11-50", "51-200", "1,001-5,000"], "employee_band"), (["12", "300", "4"], "employees")],
)
def test_company_size_is_a_number_or_a_range_by_its_content(values, field):
    rows = [[f"Firm {i} Ltd", values[i % 3]] for i in range(12)]
    for heading in ("Company size", "Number of employees"):
        assert fields_of(recognise(raw_table(["Company", heading], rows)))[heading] == field


def test_ambiguous_days_are_asked_and_never_guessed_in_silence():
    rows = [[f"O{i}", f"0{1 + i % 9}/0{1 + (i * 4) % 9}/2025", "Firm A Ltd", "10.00"] for i in range(9)]
    column = recognise(raw_table(["Order number", "Order date", "Customer", "Amount"], rows)).column_of(
        "ordered_on"
    )
    assert any("January" in ask or "or the" in ask for ask in column.asks)


def test_one_proven_date_column_decides_the_others():
    rows = [[f"O{i}", "03/04/2025", f"{13 + i}/05/2025", "10.00"] for i in range(9)]
    found = recognise(raw_table(["Order number", "Order date", "Cancelled at", "Amount"], rows))
    column = found.column_of("ordered_on")
    assert (column.options["date_order"], column.asks) == ("dmy", ())


@pytest.mark.parametrize(
    "question",
    [
        "How likely are you to recommend us to a friend?",
        "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        "Quelle est la probabilité que vous nous recommandiez à un ami ?",
        "¿Qué probabilidad hay de que nos recomiende?",
        "Qual a probabilidade de você nos recomendar?",
        "Quanto è probabile che ci consigli a un amico?",
        "Hoe waarschijnlijk is het dat u ons aanbeveelt?",
        "NPS",
    ],
)
def test_the_question_of_recommending_is_found_in_seven_languages(question):
    rows = [[f"2024-05-{1 + i:02d}", str(i % 11), "Because it is quick to learn and use"] for i in range(22)]
    found = recognise(raw_table(["Timestamp of answer", question, "Why?"], rows))
    column = next(c for c in found.columns if c.name == question)
    assert (found.kind, column.field, column.options["scale"]) == ("responses", "nps", [0, 10])


@pytest.mark.parametrize(
    ("item", "whole"),
    [
        ("Rate your satisfaction with: - Price", "Overall, how satisfied are you with us?"),
        ("How satisfied are you? [Support]", "How satisfied are you with us?"),
        ("How satisfied are you with support?", "How satisfied are you with us overall?"),
    ],
)
@pytest.mark.parametrize("marks", [("5", "2", "4"), ("Very satisfied", "Dissatisfied", "Satisfied")])
def test_of_several_questions_of_satisfaction_the_one_about_the_whole_is_taken(item, whole, marks):
    rows = [[str(i), f"2024-05-1{i}", mark, mark] for i, mark in enumerate(marks, 1)]

    found = recognise(raw_table(["Response ID", "Submitted at", item, whole], rows))

    assert {c.name: c.field for c in found.columns}[whole] == "csat"


def test_a_scale_without_zeros_is_asked():
    rows = [[f"2024-05-{1 + i % 28:02d}", str(1 + i % 10)] for i in range(80)]
    column = recognise(raw_table(["Submitted at", "How likely are you to recommend us?"], rows)).column_of(
        "nps"
    )
    assert any("0 to 10" in ask for ask in column.asks)


@pytest.mark.parametrize(
    "question",
    [
        "How likely are you to recommend us? (0 = not at all likely, 10 = extremely likely)",
        "How likely are you to recommend us (0-10)?",
        "Wie wahrscheinlich ist es, dass Sie uns empfehlen (0 bis 10)?",
    ],
)
def test_a_scale_that_the_question_names_is_not_asked_again(question):
    rows = [[f"2024-05-{1 + i % 28:02d}", str(1 + i % 10)] for i in range(80)]
    column = recognise(raw_table(["Submitted at", question], rows)).column_of("nps")
    assert not [ask for ask in column.asks if "10" in ask]


def test_one_as_the_best_mark_is_noticed():
    rows = [[f"2024-05-{1 + i % 28:02d}", str(1 + i % 5)] for i in range(40)]
    column = recognise(
        raw_table(["Submitted at", "How satisfied are you (1 = very satisfied, 5 = not at all)?"], rows)
    ).column_of("csat")
    assert column.options["best"] == "low"


def test_recognition_survives_json_unchanged():
    for each in EXPORTS:
        found = recognise(each.table())
        assert recognition_from_dict(json.loads(json.dumps(recognition_to_dict(found)))) == found


def test_corrections_win_and_are_remembered_by_shape():
    columns = ["Firma", "Gr", "Seit"]
    rows = [[f"Firma {i} GmbH", str(5 + i), "2020-01-01"] for i in range(20)]
    table = raw_table(columns, rows)
    corrections = {"kind": "customers", "columns": {"Gr": {"field": "employees"}, "Seit": {"include": False}}}
    corrected = with_corrections(recognise(table), corrections)
    assert corrected.column_of("employees").name == "Gr"
    assert (corrected.column_of("employees").confidence, corrected.column_of("employees").asks) == (1.0, ())
    again = raw_table(columns, [[f"Firma {i} AG", "7", "2021-01-01"] for i in range(5)])
    assert recognise(again).shape == corrected.shape
    assert recognise(again, remembered=corrections).column_of("employees").name == "Gr"
    assert (
        typed_table(again, recognise(again, remembered=corrections)).arrow["employees"].to_pylist()
        == [7.0] * 5
    )


def test_a_field_moved_to_another_column_leaves_the_first():
    rows = [[f"Firm {i} Ltd", f"Other {i} Inc", "Retail"] for i in range(9)]
    found = recognise(raw_table(["Company", "Legal entity", "Industry"], rows))
    moved = with_corrections(found, {"columns": {"Legal entity": {"field": "account_name"}}})
    assert moved.column_of("account_name").name == "Legal entity"
    assert fields_of(moved)["Company"] is None


def test_corrections_naming_unknown_fields_or_columns_are_left_aside():
    found = recognise(raw_table(["Company"], [["Firm A Ltd"], ["Firm B Ltd"]]))
    kept = with_corrections(
        found, {"columns": {"Company": {"field": "no_such_field"}, "Gone": {"field": "email"}}}
    )
    assert kept.columns[0].field is None


def test_each_field_is_claimed_by_one_column_only():
    for each in EXPORTS:
        mapped = [c.field for c in recognise(each.table()).columns if c.field]
        assert len(mapped) == len(set(mapped))
        slugs = [c.slug for c in recognise(each.table()).columns]
        assert len(slugs) == len(set(slugs))


def test_recognition_does_not_hang_on_the_order_of_rows():
    for _, _, headings, rows, _ in list(tables())[:6]:
        shuffled = list(rows)
        Random(5).shuffle(shuffled)
        first, second = recognise(raw_table(headings, rows)), recognise(raw_table(headings, shuffled))
        assert (first.kind, fields_of(first)) == (second.kind, fields_of(second))


def test_a_first_name_is_not_the_name_of_a_company():
    rows = [
        [f"W{i}", ("Anja", "Ingo", "Uta")[i % 3], f"Kern{i}", f"a{i}@gmx.de", str(20 + i % 40)]
        for i in range(30)
    ]
    found = recognise(raw_table(["Customer ID", "First Name", "Last Name", "Email", "Age"], rows))
    assert found.column_of("account_name") is None
    assert (
        typed_table(raw_table(["Customer ID", "First Name", "Last Name", "Email", "Age"], rows), found)
        .arrow["person_name"][0]
        .as_py()
        == "Anja Kern0"
    )


_HEADINGS = st.one_of(
    st.sampled_from(
        [
            "Company",
            "Email",
            "Amount",
            "Order number",
            "Order date",
            "NPS",
            "Status",
            "Stage",
            "Country",
            "",
            "Column 1",
            "Score",
            "Employees",
            "Why?",
        ]
    ),
    st.text(max_size=10),
)
_CELLS = st.one_of(
    st.none(),
    st.sampled_from(["1", "0", "12,5", "1.234", "2024-05-01", "03/04/2025", "a@b.com", "Yes", "EUR", "Germany", "11-50", "Nov-50", "$5", "45%", "won", "-"]),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.tuples(
            st.lists(_HEADINGS, min_size=n, max_size=n),
            st.lists(st.lists(_CELLS, min_size=n, max_size=n), max_size=8),
        )
    )
)
def test_any_table_is_described_and_typed_without_a_crash(drawn):
    headings, rows = drawn
    names = [f"{h}" if headings.index(h) == i else f"{h} [{i}]" for i, h in enumerate(headings)]
    table = raw_table(names, rows)
    found = recognise(table)
    assert [c.name for c in found.columns] == list(table.columns)
    assert len({c.slug for c in found.columns}) == len(found.columns)
    named = found if found.kind else with_corrections(found, {"kind": "customers"})
    result = typed_table(table, named)
    assert result.arrow.num_rows + len(result.rejected_rows) + len(result.dropped_rows) == len(rows)


def test_a_list_that_only_names_somebody_is_taken_as_customers_and_asked():
    rows = [[f"{i}", f"{i * 7 % 5}", f"{i * 3 % 4}"] for i in range(1, 30)]

    found = recognise(raw_table(["ID", "Frequency", "T"], rows))

    assert found.kind == "customers"
    assert found.kind_confidence < 0.7
    assert found.asks


def test_a_table_whose_names_repeat_is_not_taken_as_customers():
    rows = [[f"Trust {i % 3}", f"label {i % 4}", f"said so {i}"] for i in range(40)]

    assert recognise(raw_table(["Organization", "Label", "Wording"], rows)).kind is None


def test_a_bare_revenue_in_a_list_of_companies_is_asked_about():
    rows = [[f"{i}", f"Firma {i} GmbH", "Bau", f"{i}.500,00", "Kiel"] for i in range(1, 20)]

    found = recognise(raw_table(["Kundennr", "Firma", "Branche", "Umsatz", "Ort"], rows))

    [revenue] = [c for c in found.columns if c.name == "Umsatz"]
    assert revenue.field == "company_revenue"
    assert any("earned with" in question for question in revenue.asks)


def judged(batch: str) -> dict[str, tuple[int, int]]:
    """How many were right of how many: columns claimed at .9 and above, columns that mean something, kinds."""
    sure = meant = kinds = right_sure = found = right_kinds = 0
    for each in published(batch):
        recognised = recognise(each.table())
        kinds += 1
        right_kinds += recognised.kind in each.kinds
        for column in recognised.columns:
            fields = each.means[column.name]
            if fields == ("?",):
                continue
            right = column.field in fields or "?" in fields
            if column.field and column.confidence >= 0.9:
                sure += 1
                right_sure += right
            if not {"-", "?"} & set(fields):
                meant += 1
                found += column.field in fields
    return {"sure": (right_sure, sure), "found": (found, meant), "kinds": (right_kinds, kinds)}


@pytest.mark.parametrize("batch", ["first_batch", "second_batch", "third_batch", "fourth_batch"])
def test_confidence_keeps_its_word_on_tables_that_others_published(batch):
    figures = judged(batch)

    right, claimed = figures["sure"]
    assert claimed > 100 and right / claimed >= 0.95, figures
    found, meant = figures["found"]
    assert found / meant >= 0.85, figures
    right, all_ = figures["kinds"]
    assert right / all_ >= 0.85, figures


def test_a_name_beside_a_company_is_the_persons():
    columns = ["nombre", "empresa", "email"]
    rows = [[f"Ana {n}", f"Casa {n} S.L.", f"a{n}@casa{n}.es"] for n in range(12)]
    fields = fields_of(recognise(raw_table(columns, rows), kind="customers"))
    assert (fields["nombre"], fields["empresa"]) == ("person_name", "account_name")


def test_the_first_of_several_numbered_columns_is_the_one_and_the_others_stay():
    columns = ["Company", "Phone 1", "Phone 2"]
    rows = [[f"Acme {n} Ltd", f"+44 20 7946 0{n:03d}", f"+44 20 7946 1{n:03d}"] for n in range(12)]
    fields = fields_of(recognise(raw_table(columns, rows), kind="customers"))
    assert (fields["Phone 1"], fields["Phone 2"]) == ("phone", None)


def test_an_amount_without_tax_is_not_the_tax():
    known = by_heading("Bedrag excl. btw", "orders")
    assert known[0][0] == "amount"


def test_left_is_a_day_or_a_yes_by_its_content():
    for values, field in ((["2024-05-01", "2023-02-11"], "churned_on"), (["yes", "no"], "churned")):
        rows = [[f"M{n}", values[n % 2]] for n in range(30)]
        assert fields_of(recognise(raw_table(["Member ID", "Left"], rows), kind="customers"))["Left"] == field


def test_a_list_whose_customers_no_column_names_counts_each_row_and_asks():
    columns = ["State", "Account length", "Service calls", "Churn"]
    rows = [[("KS", "OH")[n % 2], str(n), str(n % 9), ("True", "False")[n % 7 == 0]] for n in range(1, 60)]
    table = raw_table(columns, rows)
    found = recognise(table)

    assert found.kind == "customers" and found.kind_confidence < 0.7 and found.asks
    ids = typed_table(table, found).arrow.column("account_id").to_pylist()
    assert len(set(ids)) == 59 and ids[0].startswith("Row 2 (")


def test_rows_that_only_refer_to_a_subscription_are_no_subscriptions():
    columns = ["usage_id", "subscription_id", "feature_name"]
    rows = [[f"U-{n}", f"S-{n % 9}", f"feature_{n % 5}"] for n in range(60)]
    found = recognise(raw_table(columns, rows))
    assert found.kind != "subscriptions" or found.kind_confidence < 0.7


def test_a_question_in_a_language_nobody_reads_is_told_by_its_answers():
    question = "Ka mahitzen duzu gure zerbitzua lagun bati?"
    rows = [[f"2024-05-{1 + i:02d}", str(i % 11), f"Arin eta erraz ikasten da, {i} aldiz"] for i in range(22)]
    columns = recognise(
        raw_table(["Timestamp of answer", question, "Zergatik eman duzu nota hori?"], rows)
    ).columns
    assert columns[1].field == "nps" and columns[1].asks
    understood = recognise(raw_table(["Timestamp of answer", "How many years do you use it?", "Why?"], rows))
    assert understood.columns[1].field is None


@pytest.mark.parametrize(
    ("won", "lost"), [("Won", "Lost"), ("Gewonnen", "Verloren"), ("Signed & won", "Closed lost")]
)
def test_a_list_of_companies_some_won_and_some_lost_is_one_of_deals(won, lost):
    columns = ["Company", "Industry", "Employees", "Country", "Status", "Amount", "Close date"]
    rows = [
        [f"Firm {i} Ltd", "Retail", str(i), "UK", (won, lost)[i % 2], "100", "2024-01-02"] for i in range(24)
    ]
    assert recognise(raw_table(columns, rows)).kind == "deals"
    stays = [[*row[:4], ("Active", "Lost customer")[i % 2], *row[5:]] for i, row in enumerate(rows)]
    assert recognise(raw_table(columns, stays)).kind == "customers"


def test_a_status_is_not_taken_for_a_state_because_it_is_spelled_like_one():
    assert "region" not in {name for name, _, _ in by_heading("billing.status", "customers")}


def test_short_words_of_narrow_columns_are_written_out():
    assert by_heading("Inv Dt", "orders")[0][0] == "ordered_on"
    assert by_heading("employee_cnt", "customers")[0][0] == "employees"
    assert by_heading("industry_cd_desc", "customers")[0][0] == "industry"
    assert by_heading("Total Room Revenue", "customers")[0][0] == "total_revenue"


@pytest.mark.parametrize(
    ("heading", "yes", "no"),
    [("Aktiv", "WAHR", "FALSCH"), ("Active", "TRUE", "FALSE"), ("Actif", "oui", "non")],
)
def test_active_yes_or_no_says_who_left_and_active_among_states_is_a_status(heading, yes, no):
    rows = [[f"Firm {n} GmbH", "DE", yes if n % 4 else no, str(100 + n)] for n in range(24)]
    found = recognise(raw_table(["Customer", "Country", heading, "ARR"], rows))
    column = next(c for c in found.columns if c.name == heading)
    assert (column.field, column.type, column.options["inverted"]) == ("churned", "yes_no", True)

    states = [[row[0], row[1], ["active", "paused", "trial"][n % 3], row[3]] for n, row in enumerate(rows)]
    assert (
        fields_of(recognise(raw_table(["Customer", "Country", heading, "ARR"], states)))[heading] == "status"
    )


@pytest.mark.parametrize("heading", ["Auftraggeber", "Debitor", "Kunde", "Customer"])
def test_a_heading_of_names_or_numbers_is_the_id_when_its_cells_are_digits(heading):
    columns = [heading, "Verkaufsbeleg", "Belegdatum", "Nettowert"]
    rows = [[f"{100000 + n % 15}", f"{5000 + n}", f"{1 + n % 28:02d}.03.2024", f"{n},50"] for n in range(60)]
    assert fields_of(recognise(raw_table(columns, rows)))[heading] == "account_id"


@pytest.mark.parametrize("heading", ["Auftraggeber", "Debitor", "Kunde", "Customer"])
def test_the_same_heading_is_the_name_when_its_cells_are_words(heading):
    columns = [heading, "Verkaufsbeleg", "Belegdatum", "Nettowert"]
    names = [
        "Nordlicht Bau GmbH",
        "Seehafer & Söhne",
        "Isar Technik AG",
        "Weber Logistik KG",
        "Alster Reinigung",
    ]
    rows = [[names[n % 5], f"{5000 + n}", f"{1 + n % 28:02d}.03.2024", f"{n},50"] for n in range(60)]
    assert fields_of(recognise(raw_table(columns, rows)))[heading] == "account_name"


def test_a_bought_list_of_companies_is_asked_about_and_one_of_customers_is_not():
    columns = ["Company Name", "Website", "Employees", "Revenue", "Industry", "Country", "Technologies"]
    rows = [
        [
            f"Firm {n}",
            f"firm{n}.com",
            f"{5 + n * 7}",
            f"{n}000000",
            ("Retail", "Banking")[n % 2],
            "US",
            "Slack",
        ]
        for n in range(1, 40)
    ]
    bought = recognise(raw_table(columns, rows))
    assert bought.kind == "prospects" or (bought.kind_confidence < 0.7 and bought.asks)
    own = recognise(
        raw_table(
            [*columns, "Customer Since"], [[*row, f"2023-05-{1 + n % 28:02d}"] for n, row in enumerate(rows)]
        )
    )
    assert own.kind == "customers" and own.kind_confidence >= 0.7


_BOUGHT = {
    "Company Name": lambda n: f"Harbour {n} Ltd",
    "Industry": lambda n: ("Retail", "Banking", "Logistics")[n % 3],
    "Employees": lambda n: str(5 + 7 * n),
    "Country": lambda n: ("Ireland", "Spain", "Norway", "Canada")[n % 4],
}
_COLUMNS_BESIDE = {
    "D-U-N-S Number": lambda n: f"31-514-{9000 + n}",
    "Company ID": lambda n: f"{344589000 + n}",
    "Owner": lambda n: ("Dana Wood", "Ravi Patel")[n % 2],
    "Account Owner": lambda n: ("dana@ours.com", "ravi@ours.com")[n % 2],
    "Email": lambda n: f"info@harbour{n}.com",
    "Website": lambda n: f"www.harbour{n}.com",
    "Customer ID": lambda n: f"K-{1000 + n}",
    "Customer Since": lambda n: f"2023-05-{1 + n % 28:02d}",
    "Plan": lambda n: ("Basic", "Team")[n % 2],
}


def _list_with(*headings: str):
    told = _BOUGHT | {heading: _COLUMNS_BESIDE[heading] for heading in headings}
    return recognise(
        raw_table(
            list(told), [[value(n) for value in told.values()] for n in range(1, 40)], file_name="list.csv"
        )
    )


@pytest.mark.parametrize(
    "beside", [(), ("D-U-N-S Number",), ("Company ID",), ("Owner",), ("Account Owner",), ("Email", "Website")]
)
def test_a_list_that_anybody_could_buy_is_asked_whose_it_is_whatever_stands_beside_it(beside):
    found = _list_with(*beside)

    assert found.kind in ("customers", "prospects") and found.kind_confidence < 0.7
    assert set(kind for kind, _ in kind_answers(found.asks[0])) == {"customers", "prospects"}


@pytest.mark.parametrize("beside", ["Customer ID", "Customer Since", "Plan"])
def test_a_list_that_says_it_is_of_customers_is_not_asked(beside):
    found = _list_with(beside)

    assert found.kind == "customers" and not found.asks


def test_a_list_with_the_headings_of_a_list_seller_is_offered_as_prospects_first():
    found = _list_with("D-U-N-S Number")

    assert found.kind == "prospects" and fields_of(found)["D-U-N-S Number"] == "account_id"


def test_people_bought_from_a_list_seller_may_be_prospects_as_well_as_contacts():
    columns = ["First Name", "Last Name", "Job Title", "Email", "Company", "LinkedIn URL"]
    rows = [
        [
            "Ann",
            f"Lee{n}",
            "Buyer",
            f"ann{n}@firm{n}.com",
            f"Firm {n}",
            f"https://www.linkedin.com/in/ann-{n}",
        ]
        for n in range(30)
    ]

    found = recognise(raw_table(columns, rows))

    assert {kind for kind, _ in kind_answers(found.asks[0])} >= {"prospects"}
    assert fields_of(found)["LinkedIn URL"] is None


def test_headings_that_are_paths_through_nested_records_mean_their_last_steps():
    columns = ["name", "legalName", "domain", "category.industry", "foundedYear", "geo.city", "geo.country",
               "metrics.employees", "metrics.employeesRange", "tech", "parent.domain"]  # fmt: skip
    rows = [
        [f"Kestrel{n}", f"Kestrel{n}, Inc.", f"kestrel{n}.com", ("Banking", "Internet")[n % 2], str(1990 + n % 30), "Lyon",
         ("France", "Spain")[n % 2], str(20 + n), "11-50", ("hubspot;slack", "jira;slack", "hubspot")[n % 3], "nest.com"]
        for n in range(40)
    ]  # fmt: skip

    fields = fields_of(recognise(raw_table(columns, rows)))

    assert fields == {
        "name": "account_name", "legalName": None, "domain": "domain", "category.industry": "industry",
        "foundedYear": "founded_year", "geo.city": "city", "geo.country": "country", "metrics.employees": "employees",
        "metrics.employeesRange": "employee_band", "tech": "tech_stack", "parent.domain": None,
    }  # fmt: skip


@pytest.mark.parametrize("heading", ["order.id", "plan.name", "owner.email", "product.name"])
def test_a_path_to_something_else_is_not_the_customer(heading):
    assert not {"account_id", "account_name", "email", "domain"} & {
        f for f, _, _ in by_heading(heading, "customers")
    }


def test_pages_of_one_site_and_dotted_user_names_are_nobodys_domain():
    columns = ["Customer ID", "URL", "Reporter", "Plan"]
    rows = [
        [
            f"K{n}",
            f"https://www.profiles.com/in/{n}",
            f"{('ann', 'karin', 'p')[n % 3]}.vogt{'abcdefgh'[n % 8]}",
            "Basic",
        ]
        for n in range(30)
    ]

    assert "domain" not in fields_of(recognise(raw_table(columns, rows))).values()


def test_a_small_tenure_without_a_unit_is_asked_for_and_one_in_years_is_counted_in_months():
    rows = [[f"K{n}", str(n % 11), ("Yes", "No")[n % 2]] for n in range(40)]
    bare = recognise(raw_table(["Customer ID", "Tenure", "Churn"], rows)).columns[1]
    assert bare.field == "tenure_months" and bare.confidence < 0.9
    assert [a.change["options"]["times"] for a in answers(bare, bare.asks[0], "customers")] == [1, 12]

    table = raw_table(["Customer ID", "Tenure (years)", "Churn"], rows)
    told = recognise(table)
    assert not told.columns[1].asks
    assert typed_table(table, told).arrow["tenure_months"].to_pylist()[:3] == [0, 12, 24]


def test_a_form_that_asks_who_answers_tells_name_company_and_job():
    columns = ["#", "What's your name?", "Which company do you work for?", "Quelle est votre fonction ?",
               "How many people work at your company?", "How likely are you to recommend us?"]  # fmt: skip
    rows = [
        [str(n), f"Ann Lee{n}", f"Firm {n}", ("Buyer", "CTO")[n % 2], ("1-10", "11-50")[n % 2], str(n % 11)]
        for n in range(30)
    ]

    fields = fields_of(recognise(raw_table(columns, rows)))

    assert list(fields.values())[1:4] == ["person_name", "account_name", "job_title"]
    assert fields["How many people work at your company?"] != "account_name"


def test_rows_with_a_response_id_of_their_own_are_answers_not_people():
    columns = ["ResponseId", "MainBranch", "Age", "OrgSize", "Country", "Tools"]
    rows = [
        [str(n + 1), "I write software", "25-34 years old", ("2 to 9 employees", "10 to 19 employees")[n % 2],
         ("Albania", "France", "Peru", "Kenya")[n % 4], "Go;SQL"]
        for n in range(40)
    ]  # fmt: skip

    assert recognise(raw_table(columns, rows)).kind == "responses"


def test_a_bare_id_and_name_make_no_deals():
    rows = [[str(100 + n), f"Herr Muster{n}", str(n % 5)] for n in range(12)]

    found = recognise(raw_table(["ID", "NAME", "PROFIL"], rows, file_name="kunden.csv"))

    assert found.kind == "customers"


def test_a_list_with_headings_is_no_order_log_by_the_places_of_its_columns():
    columns = ["Email Address", "Company", "OPTIN_TIME", "LATITUDE", "LONGITUDE", "LEID"]
    rows = [
        [f"ann{n}@firm{n}.com", f"Firm {n}", f"2021-03-{1 + n % 28:02d} 10:12:01", f"45.{n}", f"-122.{n}", str(103244 + n)]
        for n in range(40)
    ]  # fmt: skip

    assert recognise(raw_table(columns, rows)).kind != "orders"


def test_the_scale_and_the_rate_written_behind_a_heading_belong_to_its_values():
    rows = [[f"R{n}", f"2026-03-{1 + n % 28:02d}", str(n % 11), "fine"] for n in range(40)]
    answered = recognise(raw_table(["response_id", "survey_date", "score_0_10", "comment"], rows))
    assert fields_of(answered)["score_0_10"] == "nps"

    assert by_heading("Tax 5%", "orders")[0][0] == by_heading("TVA 20 %", "orders")[0][0] == "tax"


@pytest.mark.parametrize(
    "parts", [("Name", "Vorname"), ("Nome", "Cognome"), ("Nom", "Prénom"), ("Name", "Surname")]
)
def test_a_bare_name_beside_a_first_or_last_name_is_the_other_half(parts):
    rows = [["Rossi", f"Mario{n}", f"m{n}@example.org", "Turin"] for n in range(12)]

    found = recognise(raw_table([*parts, "Email", "City"], rows, file_name="customers.csv"))

    assert set(found.recipe["person_name"]) == set(parts) and fields_of(found)[parts[0]] is None


@pytest.mark.parametrize(
    ("heading", "values"),
    [("Subscription age", ["11.9", "8.2", "6.4"]), ("Number of purchases", ["3", "8", "12"]),
     ("International plan", ["Yes", "No", "Yes"])],
)  # fmt: skip
def test_what_only_sounds_like_a_field_is_not_asked_about(heading, values):
    rows = [[f"K{n}", values[n % 3], ("Yes", "No")[n % 2]] for n in range(30)]

    column = recognise(raw_table(["Customer ID", heading, "Churn"], rows)).columns[1]

    assert column.field is None and not column.asks


def test_the_first_and_last_day_of_something_are_the_customers_not_the_rows():
    columns = [
        "Constituent ID",
        "Name",
        "City",
        "First Gift Date",
        "Last Gift Date",
        "Last Gift Amount",
        "Total Gifts",
    ]
    rows = [
        [str(10023 + n), f"Ann Lee{n}", "Reno", f"3/14/20{10 + n % 10}", f"12/30/20{20 + n % 4}", "$250.00", f"${400 + n}.00"]
        for n in range(40)
    ]  # fmt: skip

    found = recognise(raw_table(columns, rows))

    assert found.kind == "customers"
    assert fields_of(found)["First Gift Date"] == "customer_since"
    assert fields_of(found)["Last Gift Date"] == "last_activity_on"


def test_reports_of_visits_are_notes():
    columns = ["Datum", "Außendienst", "Kunde", "Thema", "Bericht"]
    rows = [
        [f"{1 + n % 28:02d}.03.2024", "T. Brandt", ("Möbel Hof KG", "Autohaus Reuter")[n % 2], "Angebot",
         f"Der Kunde will erst nach der Messe umstellen und fragt nach {n} Raten"]
        for n in range(20)
    ]  # fmt: skip

    assert recognise(raw_table(columns, rows)).kind == "notes"


def test_codes_under_customer_are_its_id_and_a_month_over_figures_is_none():
    columns = ["Customer", "Country", "Start", "2024-01", "2024-02"]
    rows = [
        [f"BU{79786 + n}", "US", f"2021-03-{1 + n % 28:02d}", str(4000 + n), str(4200 + n)] for n in range(40)
    ]

    fields = fields_of(recognise(raw_table(columns, rows)))

    assert fields["Customer"] == "account_id" and "account_id" not in (fields["2024-01"], fields["2024-02"])
