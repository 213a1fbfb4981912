"""Every question about a column has answers to press, and the answer pressed is the way the column is read."""

import pyarrow as pa
import pytest

from icp_core.gather.answers import alike, answers
from icp_core.gather.convert import typed_table
from icp_core.gather.evidence import column_evidence
from icp_core.gather.recognise import recognise, with_corrections
from tests.core.gather.tables import raw_table


def asked(columns, rows):
    table = raw_table(columns, rows)
    found = recognise(table)
    return table, found, [(c, q) for c in found.columns for q in c.asks]


def read_with(table, found, column, choice):
    typed = typed_table(table, with_corrections(found, {"columns": {column.name: choice.change}}))
    return typed.arrow.column(choice.change.get("field") or column.slug).to_pylist()


def customers(values, heading):
    return asked(
        ["Customer ID", "Company", heading], [[f"A{i}", f"Firm {i}", v] for i, v in enumerate(values)]
    )


def test_the_order_of_day_and_month_is_two_answers_of_which_one_is_current():
    table, found, [(column, question)] = customers(["02/04/2024", "03/05/2024", "04/06/2024"], "Signup date")

    first, second = answers(column, question, found.kind)

    assert (first.label, second.label) == ("2 April", "4 February")
    assert (first.is_current, second.is_current) == (True, False)
    assert read_with(table, found, column, first)[0].isoformat() == "2024-04-02"
    assert read_with(table, found, column, second)[0].isoformat() == "2024-02-04"


def test_a_thousands_mark_or_decimals_is_asked_and_both_answers_read_right():
    table, found, questions = customers(["1.250", "3.400", "2.100"], "Lifetime value")
    column, question = next((c, q) for c, q in questions if "thousand" in q)

    thousands, decimals = answers(column, question, found.kind)

    assert read_with(table, found, column, thousands) == [1250, 3400, 2100]
    assert read_with(table, found, column, decimals) == [1.25, 3.4, 2.1]


def test_decimals_below_one_are_never_asked_about():
    _, _, questions = customers(["0.125", "0.300", "1.250"], "Lifetime value")

    assert not [q for _, q in questions if "thousand" in q]


def test_whose_revenue_it_is_moves_the_column_to_the_field_answered():
    table, found, questions = customers(["100", "250", "80"], "Revenue")
    column, question = next((c, q) for c, q in questions if "earned with" in q)

    theirs, ours = answers(column, question, found.kind)

    assert read_with(table, found, column, theirs) == [100, 250, 80]
    assert theirs.change == {"field": "company_revenue"} and ours.change == {"field": "total_revenue"}


def test_an_unsure_field_can_be_confirmed_or_made_an_attribute():
    rows = [[f"{i:05d}", "1", "19970101", "2", f"{i}.50"] for i in range(30)]
    _, found, questions = asked([""] * 5, rows)
    column, question = next((c, q) for c, q in questions if c.field == "amount")

    yes, no = answers(column, question, found.kind)

    assert yes.is_current and yes.change == {"field": "amount"}
    assert no.change == {"field": None}


def test_one_answer_settles_all_dates_of_a_file():
    rows = [[f"A{i}", f"Firm {i}", d, d] for i, d in enumerate(["02/04/2024", "03/05/2024", "04/06/2024"])]
    _, found, questions = asked(["Customer ID", "Company", "Signup date", "Last seen"], rows)
    column, question = questions[0]

    names = alike(found.columns, column, answers(column, question, found.kind)[1].change)

    assert names == ["Signup date", "Last seen"]


def satisfied(heading, marks):
    rows = [[f"r{i}", "2024-03-14", str(mark)] for i, mark in enumerate(marks * 10)]
    _, found, questions = asked(["Response ID", "Answered on", heading], rows)
    return [(c, q, found.kind) for c, q in questions if c.type == "score"]


def test_low_marks_ask_which_end_of_the_scale_is_the_best():
    ((column, question, kind),) = satisfied("How satisfied are you with us?", [1, 2, 1, 5])

    assert "average 2.2 of 1 to 5" in question and "Is 5 the best mark, or 1?" in question
    labels = [c.label for c in answers(column, question, kind)]
    assert {"1 to 5, 5 is best", "1 to 5, 1 is best"} <= set(labels)


@pytest.mark.parametrize(
    ("heading", "marks"),
    [
        ("How satisfied are you with us?", [5, 4, 4, 1]),
        ("How satisfied are you (1 = not at all, 5 = very satisfied)?", [1, 2, 1, 5]),
        ("How satisfied are you (1 = very satisfied, 5 = not at all)?", [1, 2, 1, 5]),
    ],
)
def test_the_direction_is_not_asked_where_the_marks_or_the_heading_tell_it(heading, marks):
    assert satisfied(heading, marks) == []


@pytest.mark.parametrize("heading", ["How satisfied are you with us?"])
def test_the_scale_of_a_score_can_be_turned_round(heading):
    rows = [[f"r{i}", "2024-03-14", f"{i % 3 + 2}"] for i in range(30)]
    _, found, questions = asked(["Response ID", "Answered on", heading], rows)
    column, question = next((c, q) for c, q in questions if c.type == "score")

    choices = answers(column, question, found.kind)

    assert [c.label for c in choices if c.is_current] == ["1 to 5, 5 is best"]
    assert choices[-1].change == {"options": {"scale": [1, 5], "best": "low"}}


def recommended(heading, marks):
    rows = [[f"p{i}@firm{i}.example", "2024-03-14", str(mark)] for i, mark in enumerate(marks)]
    return asked(["Email", "Answered on", heading], rows)


RECOMMEND = "How likely are you to recommend us to a friend?"


def test_where_only_the_good_end_is_asked_no_other_scale_is_offered():
    ((column, question, kind),) = satisfied("How satisfied are you with us?", [1, 2, 1, 5])

    assert [(c.label, c.is_current) for c in answers(column, question, kind)] == [
        ("1 to 5, 5 is best", True),
        ("1 to 5, 1 is best", False),
    ]


def test_a_recommend_question_of_five_steps_is_asked_and_put_on_ten():
    table, found, [(column, question)] = recommended(RECOMMEND, [1, 2, 3, 4, 5] * 10)

    choices = {c.label: c for c in answers(column, question, found.kind)}

    assert "above 5" in question and choices["0 to 10, 10 is best"].is_current
    assert read_with(table, found, column, choices["1 to 5, 5 is best"])[:5] == [0, 3, 5, 8, 10]


@pytest.mark.parametrize(("marks", "read"), [([1, 2, 3, 4, 5], [0, 3, 5, 8, 10]), ([10, 90, 71], [1, 9, 7])])
def test_a_heading_nps_over_another_scale_asks_what_is_meant(marks, read):
    table, found, questions = recommended("NPS", marks * 12)
    column, question = next((c, q) for c, q in questions if c.name == "NPS")

    satisfaction, recommend = answers(column, question, found.kind)

    assert "how likely one is to recommend?" in question
    assert satisfaction.is_current and read_with(table, found, column, satisfaction)[: len(marks)] == marks
    assert read_with(table, found, column, recommend)[: len(marks)] == read


@pytest.mark.parametrize(
    ("heading", "scale"),
    [
        ("How likely are you to recommend us? (1 = not at all, 5 = very likely)", [1, 5]),
        ("How satisfied are you (1-7)?", [1, 7]),
        ("Wie zufrieden sind Sie, von 1 bis 5?", [1, 5]),
    ],
)
def test_a_scale_that_the_question_names_is_not_asked(heading, scale):
    _, found, questions = recommended(heading, [3, 4, 4, 3] * 10)

    [column] = [c for c in found.columns if c.name == heading]
    assert column.options["scale"] == scale and not [q for _, q in questions if "scale" in q]


def test_marks_beyond_a_named_scale_leave_it_unbelieved():
    _, found, _ = recommended("How satisfied are you (1-5)?", [3, 9, 10, 8] * 10)

    assert found.columns[-1].options["scale"] == [0, 10]


def test_a_doubtful_field_of_marks_can_be_denied():
    _, found, questions = recommended("NPS", [45, -20, 30] * 10)
    column, question = questions[-1]

    assert [c.label for c in answers(column, question, found.kind)] == [
        "Yes, NPS",
        "No, an attribute of its own",
    ]


def test_whole_amounts_of_close_are_asked_whether_they_are_cents():
    columns = ["id", "lead_name", "status_label", "status_type", "value", "value_period", "value_currency"]
    rows = [[f"oppo_{i}", f"Firm {i}", "Won", "won", str(250_000 + i), "one_time", "EUR"] for i in range(12)]
    table, found, questions = asked(columns, rows)
    [(column, question)] = [(c, q) for c, q in questions if c.field == "amount"]

    plain, cents = answers(column, question, found.kind)

    assert question == "Is “250011” in “value” the amount 250,011, or 2,500.11 counted in cents?"
    assert (plain.is_current, cents.is_current) == (True, False)
    assert read_with(table, found, column, plain)[0] == 250_000
    assert read_with(table, found, column, cents)[0] == 2_500


def test_a_heading_that_says_cents_is_read_in_cents():
    table, found, _ = asked(
        ["order_id", "email", "created_at", "amount_in_cents"],
        [[f"o{i}", f"ann@firm{i}.com", "2025-01-31", str(1990 + i)] for i in range(12)],
    )

    [amount] = [c for c in found.columns if c.name == "amount_in_cents"]
    assert amount.field in ("amount", "line_amount", "order_total")
    assert typed_table(table, found).arrow.column(amount.slug).to_pylist()[0] == 19.9


def test_a_stroke_within_an_answer_does_not_part_it():
    cells = ["Owner / founder", "IT / data", "Owner / founder;IT / data", "IT / data;Owner / founder"]
    strokes = ["Sales / Support", "Sales", "Support / Finance", "Sales / Finance", "Support"]

    assert column_evidence(pa.array(cells * 4)).part_separator() == ";"
    assert column_evidence(pa.array(strokes * 4)).part_separator() == " / "


@pytest.mark.parametrize("sizes", [["1.200", "850", "3.400"], ["1,200", "2,850", "3,400"]])
def test_heads_are_whole_so_their_thousands_are_not_asked_about(sizes):
    table = raw_table(["Company", "Employees"], [[f"Firm {i} Ltd", sizes[i % 3]] for i in range(9)])
    column = recognise(table).columns[1]
    assert (column.field, column.asks) == ("employees", ())
    assert typed_table(table, recognise(table)).arrow["employees"].to_pylist()[0] == 1200


def test_dollars_with_a_comma_before_three_figures_are_thousands_without_a_question():
    table, found, questions = customers(["$1,250", "$3,400", "$2,100"], "Lifetime value")

    assert not [q for _, q in questions if "thousand" in q]
    [value] = [c for c in found.columns if c.name == "Lifetime value"]
    assert typed_table(table, found).arrow.column(value.slug).to_pylist() == [1250, 3400, 2100]
