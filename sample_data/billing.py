"""Stripe subscriptions and Xero sales invoices: all that the customers were billed."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import constants as c
from accounts import Customer, Phase, add_months
from files import write_csv, write_xlsx
from names import misspell_as_accounting_does

STRIPE_HEADER = (
    "id", "Customer ID", "Customer Description", "Customer Email", "Customer Name", "Plan", "Product", "Quantity",
    "Currency", "Interval", "Amount", "Status", "Created (UTC)", "Start (UTC)", "Current Period Start (UTC)",
    "Current Period End (UTC)", "Trial Start (UTC)", "Trial End (UTC)", "Coupon", "Canceled At (UTC)",
    "Cancel At Period End", "Ended At (UTC)", "Cancellation Reason",
)  # fmt: skip
XERO_HEADER = (
    "ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POAddressLine3", "POAddressLine4", "POCity",
    "PORegion", "POPostalCode", "POCountry", "SAAddressLine1", "SAAddressLine2", "SAAddressLine3", "SAAddressLine4",
    "SACity", "SARegion", "SAPostalCode", "SACountry", "InvoiceNumber", "Reference", "InvoiceDate", "DueDate",
    "PlannedDate", "Total", "TaxTotal", "InvoiceAmountPaid", "InvoiceAmountDue", "InventoryItemCode", "Description",
    "Quantity", "UnitAmount", "Discount", "LineAmount", "AccountCode", "TaxType", "TaxAmount", "TrackingName1",
    "TrackingOption1", "TrackingName2", "TrackingOption2", "Currency", "Type", "Sent", "Status",
)  # fmt: skip
_DUTCH_VAT = 0.21
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789"


def _token(random: Random, length: int) -> str:
    return "".join(random.choices(_LETTERS, k=length))


def _clock(random: Random) -> str:
    return f"{random.randrange(7, 18):02d}:{random.randrange(60):02d}"


def write_subscriptions(path: Path, customers: list[Customer]) -> None:
    """One row per stretch at one number of seats: an extension ends the old subscription and starts a new one."""
    random = c.stream("stripe")
    rows = []
    for customer in customers:
        customer_id = "cus_" + _token(random, 14)
        name = misspell_as_accounting_does(customer.name, random)
        mail = customer.contact_email if random.random() < 0.8 else ""
        for number, phase in enumerate(customer.phases):
            following = customer.phases[number + 1].starts if number + 1 < len(customer.phases) else None
            rows.append(_subscription(random, customer, customer_id, name, mail, phase, following))
    rows.append(_test_subscription(random))
    rows.sort(key=lambda row: (row[12], row[0]), reverse=True)  # Stripe lists the newest first
    write_csv(path, STRIPE_HEADER, rows)


def _subscription(
    random: Random, customer: Customer, customer_id: str, name: str, mail: str, phase: Phase,
    following: date | None,
) -> list[Any]:  # fmt: skip
    starts = phase.starts
    ended, requested, reason, at_period_end = following, following, "", "false"
    if following is None:
        requested, reason = customer.cancel_requested_on, customer.cancel_reason
        ended = customer.ended_on if customer.ended_on and customer.ended_on <= c.AS_OF else None
        at_period_end = "true" if customer.cancel_requested_on else "false"
    yearly = customer.interval == "year"
    step = 12 if yearly else 1
    last_day = min(ended - timedelta(days=1) if ended else c.AS_OF, c.AS_OF)
    periods = 0
    while add_months(customer.started_on, (periods + 1) * step) <= last_day:
        periods += 1
    period_start = max(starts, add_months(customer.started_on, periods * step))
    period_end = add_months(customer.started_on, (periods + 1) * step)
    status = "canceled" if ended else "past_due" if random.random() < 0.012 else "active"
    code, product, _ = customer.plan
    trial = starts == customer.started_on and random.random() < 0.12
    clock = _clock(random)
    return [
        "sub_" + _token(random, 24), customer_id, name.strip() if random.random() < 0.4 else "", mail, name,
        f"price_{code}_{customer.interval}_{customer.currency.lower()}", product, phase.seats, customer.currency.lower(),
        customer.interval, f"{phase.price * step:.2f}", status, f"{starts} {clock}",
        f"{starts} {clock}", f"{period_start} {clock}", f"{ended or period_end} {clock}",
        f"{starts} {clock}" if trial else "", f"{starts + timedelta(days=14)} {clock}" if trial else "",
        "SPRING10" if random.random() < 0.03 else "", requested and f"{requested} {clock if following else _clock(random)}", at_period_end,
        ended and f"{ended} {clock}", reason,
    ]  # fmt: skip


def _test_subscription(random: Random) -> list[Any]:
    day = "2023-02-06 09:14"
    return [
        "sub_" + _token(random, 24), "cus_" + _token(random, 14), "", "test@tidelane.example", "TEST Tidelane",
        "price_core_month_eur", "Tidelane Core", 1, "eur", "month", "0.00", "canceled", day, day, day, day, "", "", "",
        day, "false", day, "",
    ]  # fmt: skip


Line = tuple[str, str, float, float]  # item code, description, quantity, unit amount


def write_invoices(path: Path, customers: list[Customer]) -> None:
    """Subscriptions by the quarter in advance, onboarding, spring services, credit notes; one row per line."""
    random = c.stream("invoices")
    drafts: list[tuple[date, int, Customer, list[Line], str]] = []
    for index, customer in enumerate(customers):
        customer.billing_name = misspell_as_accounting_does(customer.name, random)
        for day, lines, document in _documents(random, customer):
            drafts.append((day, index, customer, lines, document))
    drafts.sort(key=lambda draft: draft[:2])
    rows = []
    numbers = {"Sales invoice": 0, "Sales credit note": 0}
    for day, _, customer, lines, document in drafts:
        numbers[document] += 1
        prefix = "INV" if document == "Sales invoice" else "CN"
        rows += _invoice_rows(random, customer, day, lines, document, f"{prefix}-{numbers[document]:05d}")
    title = [
        ["Tidelane B.V."], ["Sales invoices"], [f"{_slash(c.FIRST_DAY)} to {_slash(c.AS_OF)}"], [],
    ]  # fmt: skip
    write_xlsx(path, {"Sales invoices": [*title, XERO_HEADER, *rows], "Notes": _NOTES}, widths=(34, 34))


_NOTES = [
    ["Notes for the tax adviser"],
    [],
    ["1", "Subscriptions are invoiced for three months in advance, also when the contract is a yearly one."],
    ["2", "Unused months of a cancelled monthly contract are given back by credit note (negative amounts)."],
    ["3", "Voided and draft invoices stay in the list but were never owed."],
    [
        "4",
        "LineAmount is without tax, Total is with tax. Dutch customers pay 21 %, all others reverse charge.",
    ],
    ["5", "Customers with Currency GBP are invoiced in pounds."],
]


def _documents(random: Random, customer: Customer) -> list[tuple[date, list[Line], str]]:
    documents: list[tuple[date, list[Line], str]] = []
    months = 0
    stop = min(customer.ended_on or add_months(c.AS_OF, 1), add_months(c.AS_OF, 1))
    while (day := add_months(customer.started_on, months)) <= c.AS_OF and day < stop:
        price = customer.mrr(day)
        lines: list[Line] = [("SUB", f"{customer.plan[1]}, subscription", 3, price)]
        if months == 0:
            lines.append(
                ("ONB", "Onboarding and data migration", 1, round(price * random.uniform(0.5, 0.9), -1))
            )
        documents.append((day, lines, "Sales invoice"))
        months += 3
    if customer.ended_on and customer.ended_on <= c.AS_OF:
        unused = sum(1 for m in range(months) if add_months(customer.started_on, m) >= customer.ended_on)
        if unused:
            price = customer.mrr(customer.ended_on)
            lines = [("SUB", f"{customer.plan[1]}, unused months", unused, -price)]
            documents.append((customer.ended_on, lines, "Sales credit note"))
    return documents + _services(random, customer)


_SERVICES = (("TRN", "Crew training before the season"), ("SET", "Season set-up of routes and teams"),
             ("INT", "Interface to payroll, adjustment"), ("WKS", "Planner workshop on site"))  # fmt: skip


def _services(random: Random, customer: Customer) -> list[tuple[date, list[Line], str]]:
    """Work sold on top: in spring nine times as often as in other months."""
    documents: list[tuple[date, list[Line], str]] = []
    month = customer.started_on.replace(day=1)
    while (month := add_months(month, 1)) <= c.AS_OF:
        day = month.replace(day=random.randint(2, 27))
        if not customer.is_active(day) or day > c.AS_OF:
            continue
        if random.random() < (0.26 if month.month in c.SEASON_MONTHS else 0.03):
            price = customer.mrr(day)
            lines: list[Line] = [(*random.choice(_SERVICES), 1, round(price * random.uniform(0.7, 2.0), -1))]
            if random.random() < 0.3:
                lines.append(("TRV", "Travel", 1, random.choice((85.0, 120.0, 160.0, 210.0))))
            documents.append((day, lines, "Sales invoice"))
        elif random.random() < 0.0012:
            lines = [("GDW", "Goodwill after an outage", 1, -round(customer.mrr(day) * 0.5, 2))]
            documents.append((day, lines, "Sales credit note"))
    return documents


def _invoice_rows(
    random: Random, customer: Customer, day: date, lines: list[Line], document: str, number: str
) -> list[list[Any]]:
    draw = random.random()
    status, void = "Paid", False
    if document == "Sales invoice" and lines[0][0] != "SUB" and draw < 0.035:
        status, void = ("Voided", True) if draw < 0.025 else ("Draft", True)
    elif day > c.AS_OF - timedelta(days=28) or draw < 0.004:
        status = "Awaiting Payment"
    rate = _DUTCH_VAT if customer.country == "Netherlands" else 0.0
    amounts = [round(quantity * unit, 2) for _, _, quantity, unit in lines]
    taxes = [round(amount * rate, 2) for amount in amounts]
    total = round(sum(amounts) + sum(taxes), 2)
    paid = total if status == "Paid" else 0.0
    due = total if status == "Awaiting Payment" else 0.0
    mail = customer.contact_email if number[-1] not in "37" else None
    reference = None
    if document == "Sales invoice" and lines[0][0] == "SUB":
        reference = f"{_slash(day)} - {_slash(add_months(day, 3) - timedelta(days=1))}"
    rows = []
    for (code, description, quantity, unit), amount, tax in zip(lines, amounts, taxes, strict=True):
        cells: dict[str, Any] = {
            "ContactName": customer.billing_name, "EmailAddress": mail, "POCity": customer.city,
            "POCountry": customer.country, "InvoiceNumber": number, "Reference": reference, "InvoiceDate": _slash(day),
            "DueDate": _slash(day + timedelta(days=30)), "Total": total, "TaxTotal": round(sum(taxes), 2),
            "InvoiceAmountPaid": paid, "InvoiceAmountDue": due, "InventoryItemCode": code,
            "Description": description, "Quantity": quantity, "UnitAmount": unit, "LineAmount": amount,
            "AccountCode": "8010" if code == "SUB" else "8020",
            "TaxType": "21% BTW" if rate else "BTW verlegd", "TaxAmount": tax, "Currency": customer.currency,
            "Type": document, "Sent": "" if void else "Sent", "Status": status,
        }  # fmt: skip
        rows.append([cells.get(column) for column in XERO_HEADER])
    return rows


def _slash(day: date) -> str:
    return day.strftime("%d/%m/%Y")
