"""One row per operator: the SQL it becomes and the words it is read as; and what must never happen."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.made_customers import made_facts
from icp_core.errors import IcpError, UnknownColumnError, UnknownOperatorError
from icp_core.facts.catalogue import Attribute, facts_from_frame
from icp_core.segments.conditions import OPERATORS, Condition, Segment
from icp_core.segments.dashboard import dashboard
from icp_core.segments.membership import members
from icp_core.segments.narrow import narrow

CATALOGUE = {
    "industry": Attribute("industry", "industry", "category", levels=("Retail", "SaaS")),
    "band": Attribute("band", "staff", "band", levels=("1–10", "11–50", "51–200")),
    "tools": Attribute("tools", "tools", "multi"),
    "staff": Attribute("staff", "staff", "number"),
    "since": Attribute("since", "customer since", "date"),
    "margin": Attribute("margin", "margin", "number", unit="%"),
    "api": Attribute("api", "has an API", "yes_no"),
    "note": Attribute("note", "note", "text"),
}
GOLDEN = [
    ("industry", "is_any_of", ("SaaS", "Retail"), 'list_contains($p::VARCHAR[], "industry")', {"p": ["Retail", "SaaS"]}, "industry is Retail or SaaS"),
    ("industry", "is_none_of", ("Retail",), 'NOT list_contains($p::VARCHAR[], "industry")', {"p": ["Retail"]}, "industry is not Retail"),
    ("band", "is_any_of", ("51–200", "11–50"), 'list_contains($p::VARCHAR[], "band")', {"p": ["11–50", "51–200"]}, "staff is 11–50 or 51–200"),
    ("tools", "has_any_of", ("SAP", "Excel"), 'list_has_any("tools", $p::VARCHAR[])', {"p": ["Excel", "SAP"]}, "tools includes Excel or SAP"),
    ("tools", "has_all_of", ("SAP", "Excel"), 'list_has_all("tools", $p::VARCHAR[])', {"p": ["Excel", "SAP"]}, "tools includes all of Excel and SAP"),
    ("tools", "has_none_of", ("SAP",), 'NOT list_has_any("tools", $p::VARCHAR[])', {"p": ["SAP"]}, "tools includes none of SAP"),
    ("staff", "between", (200, 50), '"staff" BETWEEN $pa AND $pb', {"pa": 50.0, "pb": 200.0}, "staff 50–200"),
    ("since", "between", (date(2024, 1, 1), "2024-12-31"), '"since" BETWEEN $pa::DATE AND $pb::DATE', {"pa": "2024-01-01", "pb": "2024-12-31"}, "customer since from 1 Jan 2024 to 31 Dec 2024"),
    ("since", "at_least", "2024-01-01", '"since" >= $p::DATE', {"p": "2024-01-01"}, "customer since 1 Jan 2024 or later"),
    ("since", "at_most", "2024-01-01", '"since" <= $p::DATE', {"p": "2024-01-01"}, "customer since 1 Jan 2024 or earlier"),
    ("since", "more_than", "2024-01-01", '"since" > $p::DATE', {"p": "2024-01-01"}, "customer since after 1 Jan 2024"),
    ("since", "less_than", "2024-01-01", '"since" < $p::DATE', {"p": "2024-01-01"}, "customer since before 1 Jan 2024"),
    ("margin", "at_least", 0.25, '"margin" >= $p', {"p": 0.25}, "margin at least 25 %"),
    ("staff", "at_most", 1200, '"staff" <= $p', {"p": 1200.0}, "staff at most 1,200"),
    ("staff", "more_than", 5, '"staff" > $p', {"p": 5.0}, "staff more than 5"),
    ("staff", "less_than", 5, '"staff" < $p', {"p": 5.0}, "staff less than 5"),
    ("api", "is_yes", None, '"api" IS TRUE', {}, "has an API: yes"),
    ("api", "is_no", None, '"api" IS FALSE', {}, "has an API: no"),
    ("note", "contains", "Ltd", 'contains(lower("note"), lower($p))', {"p": "Ltd"}, "note contains “Ltd”"),
    ("industry", "is_missing", None, '"industry" IS NULL', {}, "industry is not known"),
    ("industry", "is_known", None, '"industry" IS NOT NULL', {}, "industry is known"),
]  # fmt: skip
FACTS = made_facts(400, seed=3)
NAMES = [a for a in FACTS.catalogue if FACTS.catalogue[a].role != "identity"]


@pytest.mark.parametrize(
    ("name", "operator", "value", "sql", "bound", "words"), GOLDEN, ids=lambda v: str(v)[:24]
)
def test_each_operator_has_one_sql_and_one_wording(name, operator, value, sql, bound, words):
    condition = Condition(name, operator, value)

    assert condition.sql(CATALOGUE, "p") == (sql, bound)
    assert condition.words(CATALOGUE) == words


def test_every_operator_stands_in_the_golden_table():
    assert {row[1] for row in GOLDEN} == set(OPERATORS)


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("is_any_of", "SaaS"),
        ("between", (1,)),
        ("at_least", "many"),
        ("contains", 5),
        ("between", (1, "2024-01-01")),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_with_the_attribute_named(operator, value):
    with pytest.raises(IcpError, match="industry"):
        Condition("industry", operator, value)


def test_an_unknown_operator_is_refused_not_skipped():
    with pytest.raises(UnknownOperatorError, match="resembles"):
        Condition("industry", "resembles", "SaaS")


def test_an_unknown_attribute_names_the_known_ones():
    with pytest.raises(UnknownColumnError, match="Choose one of: .*country"):
        members(FACTS, Segment((Condition("indutry", "is_known"),)))


@st.composite
def conditions(draw):
    """A condition on any attribute of the made-up customers, with values that occur and some that do not."""
    about = FACTS.catalogue[draw(st.sampled_from(NAMES))]
    fitting = [name for name, o in OPERATORS.items() if about.kind in o.kinds]
    operator = draw(st.sampled_from(fitting))
    takes = OPERATORS[operator].takes
    if takes == "none":
        return Condition(about.name, operator)
    if takes == "list":
        return Condition(
            about.name,
            operator,
            tuple(draw(st.lists(st.sampled_from([*about.levels, "nowhere"]), max_size=4))),
        )
    if takes == "text":
        return Condition(about.name, operator, draw(st.text(max_size=4)))
    if about.kind == "date":
        point = st.dates(date(2020, 1, 1), date(2026, 12, 31)).map(str)
    else:
        known = FACTS.frame[about.name].dropna()
        point = st.one_of(st.sampled_from(sorted(known.unique())).map(float), st.floats(-10, 1e5))
    return Condition(about.name, operator, (draw(point), draw(point)) if takes == "range" else draw(point))


segments = st.lists(conditions(), max_size=3).map(lambda found: Segment(tuple(found)))


def plain_mask(frame: pd.DataFrame, condition: Condition) -> np.ndarray:
    """The slow, obvious judge: one row at a time, in Python."""

    def holds(value) -> bool:
        missing = value is None or (not isinstance(value, list) and pd.isna(value))
        if condition.operator == "is_missing":
            return missing
        if condition.operator == "is_known" or missing:
            return not missing
        wanted = condition.value
        if isinstance(value, pd.Timestamp):
            value = value.date().isoformat()
        match condition.operator:
            case "is_any_of":
                return value in wanted
            case "is_none_of":
                return value not in wanted
            case "has_any_of":
                return bool(set(value) & set(wanted))
            case "has_all_of":
                return set(wanted) <= set(value)
            case "has_none_of":
                return not set(value) & set(wanted)
            case "between":
                return wanted[0] <= value <= wanted[1]
            case "at_least":
                return value >= wanted
            case "at_most":
                return value <= wanted
            case "more_than":
                return value > wanted
            case "less_than":
                return value < wanted
            case "is_yes":
                return bool(value)
            case "is_no":
                return not value
            case "contains":
                return wanted.lower() in value.lower()

    return np.array([holds(v) for v in frame[condition.attribute]], dtype=bool)


@settings(deadline=None, max_examples=60)
@given(conditions())
def test_sql_chooses_the_same_customers_as_a_plain_loop(condition):
    if condition.operator == "contains" and not condition.value.isascii():
        return  # the engine and Python lower-case some letters differently

    assert np.array_equal(members(FACTS, Segment((condition,))), plain_mask(FACTS.frame, condition))


@settings(deadline=None, max_examples=60)
@given(segments)
def test_the_live_table_chooses_the_same_customers_as_sql(segment):
    table = narrow(FACTS)
    found = np.zeros(len(FACTS), dtype=bool)
    found[table.order[table.inside(segment)]] = True

    assert np.array_equal(found, members(FACTS, segment))


@settings(deadline=None, max_examples=40)
@given(segments, conditions())
def test_a_tighter_segment_never_grows(segment, condition):
    tighter = Segment((*segment.conditions, condition))

    assert not (members(FACTS, tighter) & ~members(FACTS, segment)).any()


@settings(deadline=None, max_examples=40)
@given(segments)
def test_segment_and_rest_make_up_all_customers(segment):
    found = dashboard(FACTS, segment)

    assert found.segment.n + found.rest.n == found.all.n == len(FACTS)
    for key, everyone in found.all.measures.items():
        mine, others = found.segment[key], found.rest[key]
        assert mine.n + others.n == everyone.n
        if everyone.parts:
            assert [
                a + b for a, b in zip(mine.parts or (0,) * 3, others.parts or (0,) * 3, strict=False)
            ] == list(everyone.parts)
    assert found.distribution["n"].sum() == FACTS.frame["ltv"].notna().sum()


@settings(deadline=None, max_examples=60)
@given(segments)
def test_a_segment_survives_json_and_the_address_bar(segment):
    named = Segment(segment.conditions, "a name")

    assert Segment.from_json(named.to_json()) == named
    assert Segment.from_json(named.to_json()).name == "a name"
    assert Segment.from_query(named.to_query()) == named


@settings(deadline=None, max_examples=25)
@given(st.text(min_size=1, max_size=30))
def test_any_string_as_value_is_only_a_value(text):
    frame = pd.DataFrame({"industry": [text, text + "x", None], "ltv": [1.0, 2.0, 3.0]})
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), kinds={"industry": "category"}, outcomes=["ltv"])
    segment = Segment((Condition("industry", "is_any_of", (text,)),))

    assert members(facts, segment).tolist() == [True, False, False]
    assert dashboard(facts, segment).n == 1


@pytest.mark.parametrize("name", ['a"b', "x; DROP TABLE facts", "_code", "LEVELS", "select", "ä ö", "$p0"])
def test_any_string_as_attribute_is_only_a_name(name):
    frame = pd.DataFrame({name: ["a", "b", "a"], "ltv": [1.0, 2.0, 3.0]})
    facts = facts_from_frame(frame, as_of=date(2026, 1, 1), kinds={name: "category"}, outcomes=["ltv"])
    segment = Segment((Condition(name, "is_any_of", ("a",)),))

    assert members(facts, segment).tolist() == [True, False, True]
    assert dashboard(facts, segment, bubble=name).n == 2
