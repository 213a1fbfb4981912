"""Orders kept in two tables, as shops and ledgers export them: who and when in one, what in the other."""

import pytest

from icp_core.facts import store
from icp_core.gather import load, reconcile

HEADS = """order_id,customer_id,order_date,order_status
1001,C1,2025-01-10,delivered
1002,C1,2025-03-10,delivered
1003,C2,2025-02-01,canceled
1004,C2,2025-04-01,delivered
"""
HEADS_WITH_TOTAL = """order_id,customer_id,order_date,order_status,total
1001,C1,2025-01-10,delivered,130
1002,C1,2025-03-10,delivered,55
1003,C2,2025-02-01,canceled,40
1004,C2,2025-04-01,delivered,21
"""
LINES = """order_id,product_id,product,quantity,unit_price,discount
1001,P1,Vacuum,2,50.00,0
1001,P2,Filter,4,5.00,0.1
1002,P2,Filter,10,5.00,0
1003,P1,Vacuum,1,40.00,0
1004,P3,Hose,4,5.00,0.05
"""


def per_customer(workspace, *columns):
    frame = store.refresh(workspace).frame.set_index("customer_id")
    return {customer: tuple(row) for customer, row in frame[list(columns)].iterrows()}


@pytest.mark.parametrize("first", ["heads", "lines"])
def test_lines_belong_to_the_customer_of_their_order_whichever_table_comes_first(loaded, first):
    files = {"heads": HEADS, "lines": LINES} if first == "heads" else {"lines": LINES, "heads": HEADS}

    workspace = loaded(**files)

    # The cancelled order brings nothing, though only the other table says that it was cancelled.
    assert per_customer(workspace, "revenue", "orders") == {"C1": (168.0, 2.0), "C2": (19.0, 1.0)}
    assert reconcile.reconciliation(workspace)["without_customer"].sum() == 0


def test_a_total_and_its_lines_are_the_same_money_and_count_once(loaded):
    workspace = loaded(heads=HEADS_WITH_TOTAL, lines=LINES)

    assert per_customer(workspace, "revenue", "orders") == {"C1": (185.0, 2.0), "C2": (21.0, 1.0)}


def test_the_lines_tell_what_was_bought_first(loaded):
    workspace = loaded(heads=HEADS_WITH_TOTAL, lines=LINES)

    assert per_customer(workspace, "first_product") == {"C1": ("Vacuum",), "C2": ("Hose",)}


def test_two_tables_of_payments_and_lines_do_not_add_up(loaded):
    payments = "order_id,amount,status\n1001,118,paid\n1002,50,paid\n1004,19,paid\n1003,40,paid\n"

    workspace = loaded(heads=HEADS, lines=LINES, payments=payments)

    assert per_customer(workspace, "revenue") == {"C1": (168.0,), "C2": (19.0,)}


def test_numbers_of_another_shop_that_are_equal_by_chance_join_nobody(loaded):
    other = LINES.replace("100", "500").replace("5004,P3", "1004,P3")  # one of five is known

    workspace = loaded(heads=HEADS_WITH_TOTAL, lines=other)

    assert reconcile.reconciliation(workspace)["without_customer"].tolist() == [0, 5]
    assert per_customer(workspace, "revenue") == {"C1": (185.0,), "C2": (21.0,)}


def test_a_number_that_two_customers_have_joins_neither(loaded):
    twice = HEADS + "1001,C2,2025-01-11,delivered\n"

    workspace = loaded(heads=twice, lines=LINES)

    assert reconcile.reconciliation(workspace)["without_customer"].tolist() == [0, 2]


def test_usage_by_subscription_belongs_to_the_subscriber(loaded):
    subscriptions = (
        "subscription_id,account_id,start_date,plan,mrr\n"
        "S-1,C1,2025-01-01,Pro,50\nS-2,C2,2025-02-01,Basic,20\n"
    )
    usage = (
        "usage_id,subscription_id,usage_date,feature_name,usage_count\n"
        "U-1,S-1,2025-03-01,exports,5\nU-2,S-1,2025-03-02,alerts,7\nU-3,S-2,2025-03-02,alerts,1\n"
    )

    workspace = loaded(subscriptions=subscriptions, usage=usage)

    assert per_customer(workspace, "usage_events") == {"C1": (12.0,), "C2": (1.0,)}


def test_undoing_the_import_of_the_heads_leaves_lines_of_nobody(loaded):
    workspace = loaded(heads=HEADS, lines=LINES)

    load.undo_import(workspace, 1)

    assert reconcile.reconciliation(workspace)["without_customer"].tolist() == [5]
