"""Usage, marketing costs and the list of prospects."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import constants as c
from accounts import Company, Customer, add_months
from files import write_csv
from names import email, misspell_as_accounting_does

# Monthly budget in euro, and how much more is spent in the months named.
_CHANNELS = (
    ("Paid Search", 2600, {1: 1.3, 2: 1.4, 9: 1.3}), ("Paid Social", 1700, {1: 1.2, 9: 1.2, 12: 0.6}),
    ("Offline Sources", 1900, {3: 3.5, 9: 4.0}), ("Organic Search", 1800, {}), ("Email Marketing", 350, {12: 1.5}),
    ("Referrals", 650, {}),
)  # fmt: skip
_BANDS = (
    (10, "2-10"),
    (50, "11-50"),
    (200, "51-200"),
    (500, "201-500"),
    (1000, "501-1000"),
    (5000, "1001-5000"),
)
_EXCEL_MANGLED = {"2-10": "2-Oct", "11-50": "Nov-50"}
_TITLES = ("Operations Manager", "Head of Operations", "Managing Director", "Branch Manager", "Dispatcher",
           "Owner", "Head of Service", "Office Manager", "IT Manager", "Site manager", "COO", "Purchasing")  # fmt: skip


def write_usage(path: Path, customers: list[Customer]) -> None:
    """Logins and active users per company domain and month; who is about to leave logs in less and less."""
    random = c.stream("usage")
    rows = []
    month = c.USAGE_FIRST_MONTH
    while month <= c.AS_OF:
        for customer in customers:
            if not customer.is_active(add_months(month, 1) - timedelta(days=1)):
                continue
            if not customer.mail_domain.endswith(".example"):
                continue
            share = min(1.0, max(0.1, random.gauss(0.82 if customer.kind == "icp" else 0.68, 0.12)))
            if customer.cancel_requested_on and customer.ended_on:
                left = (customer.ended_on - month).days / 30
                share *= min(1.0, 0.35 + 0.13 * left)
            users = max(1, round(customer.users * share))
            rows.append(
                (month.strftime("%Y-%m"), customer.mail_domain, round(users * random.uniform(9, 19)), users)
            )
        month = add_months(month, 1)
    write_csv(path, ("Month", "Company domain", "Logins", "Active users"), rows)


def write_costs(path: Path) -> None:
    """Spend per channel and month; trade fairs in March and September."""
    random = c.stream("costs")
    rows = []
    month = c.FIRST_DAY
    while month <= c.AS_OF:
        growth = 1 + 0.12 * ((month - c.FIRST_DAY).days / 365)
        for channel, budget, season in _CHANNELS:
            cost = budget * growth * season.get(month.month, 1.0) * random.uniform(0.85, 1.15)
            rows.append((month.strftime("%Y-%m"), channel, f"{cost:.2f}", "EUR"))
        month = add_months(month, 1)
    write_csv(path, ("Month", "Channel", "Cost", "Currency"), rows)


LEAD_HEADER = (
    "Organization - Name", "Organization - Website", "Organization - Industry", "Organization - Employee count",
    "Organization - Country of Address", "Organization - City/town/village/locality of Address",
    "Organization - Number of sites", f"Organization - {c.DECOY}", "Person - Name", "Person - Job title",
    "Person - Email - Work", "Lead - Source channel", "Lead - Lead created",
)  # fmt: skip


def write_leads(path: Path, strangers: list[Company], customers: list[Customer]) -> None:
    """Pipedrive-shaped list from fairs and web forms, opened and saved in Excel, which spoiled some size bands."""
    random = c.stream("leads")
    known = random.sample([x for x in customers if x.domain], c.N_LEADS_ALREADY_CUSTOMERS)
    rows = [_lead(random, company) for company in (*strangers, *known)]
    rows += [_again(random, row) for row in random.sample(rows[: len(strangers)], c.N_LEAD_DUPLICATES)]
    random.shuffle(rows)
    write_csv(path, LEAD_HEADER, rows, encoding="utf-8-sig")


def _lead(random: Random, company: Company) -> list[Any]:
    band = None
    if company.employees is not None:
        band = next(label for top, label in _BANDS if company.employees <= top)
        if random.random() < 0.4:
            band = _EXCEL_MANGLED.get(band, band)
    first, last = company.contact
    website = company.domain
    if website:
        website = random.choice((website, f"www.{website}", f"https://www.{website}/"))
    day = date(2026, 8, 3) + timedelta(days=random.randrange(85))
    name = (
        company.name
        if not isinstance(company, Customer)
        else misspell_as_accounting_does(company.name, random)
    )
    return [
        name, website if random.random() > 0.1 else None, _maybe(random, company.industry), _maybe(random, band),
        _maybe(random, company.country), _maybe(random, company.city), _maybe(random, company.sites),
        _maybe(random, company.planning), f"{first} {last}", _maybe(random, random.choice(_TITLES)),
        _maybe(random, company.contact_email), _maybe(random, company.source), f"{day} {random.randrange(8, 19):02d}:15:00",
    ]  # fmt: skip


def _maybe(random: Random, value: Any) -> Any:
    return value if random.random() > 0.07 else None


def _again(random: Random, row: list[Any]) -> list[Any]:
    """The same firm a second time, met by another colleague: another person, fewer fields."""
    double = list(row)
    double[0] = misspell_as_accounting_does(row[0], random)
    first, last = (
        random.choice(("Kim", "Robin", "Sascha", "Noa")),
        random.choice(("Wegener", "Aldous", "Brink")),
    )
    double[8] = f"{first} {last}"
    double[10] = (
        email(first, last, row[10].split("@")[1]) if row[10] and row[10].endswith(".example") else None
    )
    double[6] = double[7] = None
    return double
