"""An export of orders alone describes its customers, where all rows of a customer say the same."""

import random
from datetime import date, timedelta

import pytest

from icp_core.facts import store

SEGMENTS = ("Consumer", "Corporate", "Home Office")


def order_lines(n_customers=60, orders_each=3):
    """Lines of orders: segment, age and newsletter belong to the customer, all else to the order or the line."""
    rng = random.Random(4)
    lines = ["Row ID,Order ID,Order Date,Ship Mode,Customer ID,Segment,Age,Newsletter,Gift,Product,Sales"]
    row = order = 0
    for customer in range(n_customers):
        about = (
            f"C{customer:03d},{SEGMENTS[customer % 3]},{20 + customer % 40},{'Yes' if customer % 2 else 'No'}"
        )
        for _ in range(orders_each):
            order += 1
            day = date(2024, 1, 1) + timedelta(days=rng.randrange(600))
            mode, gift = rng.choice(["First Class", "Standard Class"]), rng.random() < 0.02
            for _ in range(2):
                row += 1
                product, sales = rng.choice(["Chair", "Table"]), f"{rng.random() * 90:.2f}"
                lines.append(
                    f"{row},O{order},{day},{mode},{about},{'Yes' if gift else 'No'},{product},{sales}"
                )
    return "\n".join(lines) + "\n"


@pytest.fixture
def facts_of(loaded):
    """A function that loads files by name and text and gives the facts."""
    return lambda **files: store.refresh(loaded(**files))


def test_what_belongs_to_the_customer_becomes_an_attribute_and_nothing_else_does(facts_of):
    facts = facts_of(orders=order_lines())

    labels = {a.label for a in facts.catalogue.values() if a.role == "attribute"}
    assert {"Customer type", "Age", "Newsletter"} <= labels
    assert not labels & {"Row ID", "Ship Mode", "Gift", "Sales"}
    row = facts.frame.set_index("customer_id").loc["C004"]
    assert (row["customer_type"], row["age"], bool(row["newsletter"])) == ("Corporate", 24.0, False)


def test_it_bears_the_name_a_customer_list_would_give_it_and_its_source_is_named(facts_of):
    facts = facts_of(orders=order_lines())

    assert facts.catalogue["customer_type"].source == "orders.csv · Segment"
    assert facts.catalogue["customer_type"].kind == "category"


def test_an_age_in_the_orders_makes_the_customers_people(facts_of):
    assert facts_of(orders=order_lines()).unit == "person"


def test_one_order_each_cannot_tell_whose_a_column_is(facts_of):
    facts = facts_of(orders=order_lines(orders_each=1))

    assert "customer_type" not in facts.catalogue


def test_the_customer_list_knows_better(facts_of):
    rows = (f"C{i:03d},Firm {i} Ltd,Food,Wholesale\n" for i in range(60))
    customers = "Customer ID,Company name,Industry,Segment\n" + "".join(rows)

    facts = facts_of(customers=customers, orders=order_lines())

    assert set(facts.frame["customer_type"]) == {"Wholesale"}
