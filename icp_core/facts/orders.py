"""Orders: lines become orders, orders become what a customer bought, returned and when."""

from __future__ import annotations

from datetime import date

import ibis
from ibis import Table

from icp_core.facts.calendar import days_between, ratio

# Statuses under which no sale stands, in the languages the vocabulary reads.
_VOID = r"^(cancel|void|draft|failed|expired|rejected|annul|storn|abgebrochen|cancelad|geannuleerd)"

# Statuses of orders paid back in full; void where no refund is given beside the amount.
_PAID_BACK = r"^(wc-)?((fully |voll )?refunded|returned|(rück)?erstattet|rembours|reembolsad|devuelt|devolvid|rimborsat|terugbetaald)"

# Less than this is rounding.
_NOTHING = 0.005


def lines(orders: Table, as_of: date) -> Table:
    """Lines that count: dated up to ``as_of``, void ones at zero.

    ``amount`` is net of refunds already, and blank on the further lines of an order whose total stands on its
    first; a cost on such a line counts all the same. ``product_amount`` is what the line itself is worth, where it says so.
    """
    nothing = ibis.literal(0.0, "float64")
    status = orders.status.lower()
    paid_back = orders.refunded_amount.isnull() & status.re_search(_PAID_BACK)
    void = (orders.cancelled_on.notnull() | status.re_search(_VOID) | paid_back).fill_null(False)
    of_cost = ibis.ifelse(
        orders.cost.notnull(), orders.amount.fill_null(0.0) - orders.cost, ibis.null("float64")
    )
    margin = ibis.coalesce(orders.margin, of_cost)
    return orders.filter(orders.ordered_on.isnull() | (orders.ordered_on <= ibis.literal(as_of))).select(
        "customer_id",
        "ordered_on",
        "product",
        order_key=_order_key(orders),
        void=void,
        amount=ibis.ifelse(void, nothing, orders.amount),
        product_amount=ibis.ifelse(
            void,
            nothing,
            ibis.coalesce(orders.line_amount, orders.unit_price * orders.quantity, orders.amount),
        ),
        refunded=ibis.ifelse(void, nothing, orders.refunded_amount.abs()),
        margin=ibis.ifelse(void, nothing, margin),
        with_margin=ibis.ifelse(
            margin.notnull(), ibis.ifelse(void, nothing, orders.amount.fill_null(0.0)), ibis.null("float64")
        ),
    )


def _order_key(orders: Table):
    """What makes lines one order: its id, else the day, else the row itself."""
    by_day = ibis.literal("day ") + orders.ordered_on.cast("string")
    by_row = ibis.literal("row ") + orders.import_id.cast("string") + "/" + orders._row.cast("string")
    return ibis.coalesce(orders.order_id, by_day, by_row)


def whole_orders(orders: Table, as_of: date) -> Table:
    """One row per order: customer_id, order_key, ordered_on, value, refunded, margin, stands.

    ``value`` is net of refunds. ``stands`` is true for an order in its own right: worth something (or given away, or
    of unknown value), not void, not paid back in full, and not undone by a credit note of the same amount; a credit note is an order of
    negative value, and lines that cancel each other out are no order.
    """
    counted = lines(orders, as_of)
    each = counted.group_by("customer_id", "order_key").agg(
        ordered_on=counted.ordered_on.min(),
        value=counted.amount.sum(),
        largest=counted.amount.abs().max(),
        refunded=counted.refunded.sum(),
        margin=counted.margin.sum(),
        with_margin=counted.with_margin.sum(),
        all_void=counted.void.cast("int64").min() == 1,
    )
    each = each.mutate(size=(each.value.abs() * 100.0).round(), sign=_sign(each.value))
    notes = each.filter(each.sign < 0).group_by("customer_id", "size").agg(n_notes=ibis._.count())
    paid = each.filter(each.sign > 0)
    paid = paid.join(notes, ["customer_id", "size"]).select(
        "customer_id", "size", "order_key", "ordered_on", "n_notes"
    )
    # Newest first: a credit note undoes the latest order of its amount.
    newest = ibis.window(
        group_by=["customer_id", "size"],
        order_by=[paid.ordered_on.desc(nulls_first=False), paid.order_key],
    )
    paid = paid.mutate(place=ibis.row_number().over(newest))
    undone = paid.filter(paid.place < paid.n_notes).select(
        undone_customer="customer_id", undone_key="order_key", undone=ibis.literal(True)
    )
    each = each.left_join(
        undone, [each.customer_id == undone.undone_customer, each.order_key == undone.undone_key]
    )
    paid_back = (each.refunded > _NOTHING).fill_null(False)
    given_away = (each.value.isnull() | (each.largest == 0)) & ~each.all_void & ~paid_back
    stands = (each.sign > 0).fill_null(False) | given_away.fill_null(False)
    return each.mutate(stands=stands & ~each.undone.fill_null(False)).select(
        "customer_id", "order_key", "ordered_on", "value", "refunded", "margin", "with_margin", "stands"
    )


def _sign(value):
    """1, 0 or −1; sums of lines that cancel out are never quite 0 in floats, so half a cent is nothing."""
    return ibis.cases(
        (value > _NOTHING, 1), (value < -_NOTHING, -1), (value.notnull(), 0), else_=ibis.null("int8")
    )


def per_customer(each: Table) -> Table:
    """One row per customer with orders: order_revenue, order_margin, orders, first and last order, refunds.

    ``each`` is ``whole_orders``.
    """
    stood = each.stands
    totals = each.group_by("customer_id").agg(
        order_revenue=each.value.sum(),
        known_margin=each.margin.sum(),
        revenue_with_margin=each.with_margin.sum(),
        orders=stood.cast("int64").sum().cast("float64"),
        first_order_on=each.ordered_on.min(where=stood),
        last_order_on=each.ordered_on.max(where=stood),
        refunds=(
            ibis.ifelse(each.value < 0, -each.value, ibis.literal(0.0, "float64"))
            + ibis.ifelse(each.value < 0, ibis.literal(0.0, "float64"), each.refunded.fill_null(0.0))
        ).sum(),
    )
    # Where some lines lack a cost, the known lines speak for the rest.
    share = ratio(totals.known_margin, totals.revenue_with_margin)
    return totals.mutate(
        order_margin=ibis.ifelse(
            (totals.revenue_with_margin - totals.order_revenue).abs() < 0.005,
            totals.known_margin,
            share * totals.order_revenue,
        )
    ).drop("known_margin", "revenue_with_margin")


def first_products(orders: Table, as_of: date) -> Table:
    """The product each customer's first order was mostly about: customer_id, first_product."""
    counted = lines(orders, as_of)
    counted = counted.filter(counted["product"].notnull() & (counted.product_amount > 0))
    first = counted.group_by("customer_id").agg(first_on=counted.ordered_on.min())
    bought = counted.join(first, ["customer_id", counted.ordered_on == first.first_on])
    spent = bought.group_by("customer_id", "product").agg(spent=bought.product_amount.sum())
    most = spent.group_by("customer_id").agg(most=spent.spent.max())
    tops = spent.join(most, ["customer_id", spent.spent == most.most])
    # Equal amounts: the first name in the alphabet, so that the answer never depends on the order of rows.
    return tops.group_by("customer_id").agg(first_product=tops["product"].min())


def gaps(each: Table) -> Table:
    """Days between one order and the next, one row per pair of order days: customer_id, gap_days.

    ``each`` is ``whole_orders``; several orders on one day are one visit.
    """
    days = each.filter(each.stands & each.ordered_on.notnull()).select("customer_id", "ordered_on").distinct()
    before = days.ordered_on.lag().over(ibis.window(group_by="customer_id", order_by="ordered_on"))
    pairs = days.mutate(previous_on=before)
    pairs = pairs.filter(pairs.previous_on.notnull())
    return pairs.select("customer_id", gap_days=days_between(pairs.previous_on, pairs.ordered_on))
