"""HubSpot companies and deals: what sales wrote down, with the gaps and doubles of a real portal."""

import math
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import constants as c
from accounts import NOISE_LEVELS, OWNERS, Company, Customer
from files import write_csv
from names import misspell_as_accounting_does

COMPANY_HEADER = (
    "Record ID", "Company name", "Company Domain Name", "Industry", "Number of Employees", "Annual Revenue",
    "Country/Region", "City", "Company owner", "Create Date", "Close Date", "Lifecycle Stage", "Lead Status",
    "Original Traffic Source", "Web Technologies", "Number of sites", c.DECOY, *NOISE_LEVELS, "CS health score",
    "Total Revenue", "Number of Associated Deals", "Days to Close",
)  # fmt: skip
DEAL_HEADER = (
    "Record ID", "Deal Name", "Pipeline", "Deal Stage", "Amount", "Currency", "Deal Type", "Create Date", "Close Date",
    "Is Closed Won", "Closed Lost Reason", "Deal owner", "Original Traffic Source",
    "Associated Company", "Associated Company IDs (Primary)",
)  # fmt: skip
_OPEN_STAGES = ("Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled", "Decision Maker Bought-In",
                "Contract Sent")  # fmt: skip
_LOST_REASONS = (
    ("Price too high", 22), ("Stayed with spreadsheets", 20), ("Chose a competitor", 15), ("No budget this year", 14),
    ("No answer any more", 12), ("Missing payroll interface", 9), ("Too small for us", 8),
)  # fmt: skip
_COUNTRY_SPELLINGS = {
    "Germany": ("germany", "Deutschland", "DE"), "United Kingdom": ("UK", "united kingdom", "England"),
    "Netherlands": ("The Netherlands", "NL", "netherlands"), "France": ("france",), "Austria": ("Österreich",),
}  # fmt: skip


def health_score(random: Random, customer: Customer) -> int | None:
    """Set by customer success long after the sale, from what already happened: the leak."""
    if random.random() < 0.08:
        return None
    gone = customer.ended_on is not None and customer.ended_on <= c.AS_OF
    asked = customer.cancel_requested_on is not None
    mrr = customer.mrr(c.AS_OF) * (c.GBP_IN_EUR if customer.currency == "GBP" else 1.0)
    score = (28 if gone else 40 if asked else 66) + 14 * math.log(mrr / c.MEDIAN_MRR) + random.gauss(0, 6)
    return round(min(100, max(0, score)))


def deals(customers: list[Customer], prospects: list[Company]) -> list[list[Any]]:
    """Rows of the deals file: won and extended by customers, lost and open ones by everybody else."""
    random = c.stream("deals")
    rows: list[list[Any]] = []
    for customer in customers:
        first_year = 12 * customer.mrr(customer.started_on)
        created = customer.won_on - timedelta(days=customer.cycle_days)
        rows.append(
            _deal(random, customer, "Closed Won", first_year, created, customer.won_on, "New Business")
        )
        for phase in customer.phases[1:]:
            more = 12 * (customer.mrr(phase.starts) - customer.mrr(phase.starts - timedelta(days=1)))
            opened = phase.starts - timedelta(days=random.randint(9, 40))
            rows.append(
                _deal(random, customer, "Closed Won", more, opened, phase.starts, "Existing Business")
            )
        if random.random() < 0.07:
            closed = created - timedelta(days=random.randint(60, 300))
            opened = closed - timedelta(days=random.randint(20, 120))
            rows.append(
                _deal(random, customer, "Closed Lost", first_year * 0.9, opened, closed, "New Business")
            )
            customer.created_on = min(customer.created_on, opened)
    for prospect in prospects:
        amount = round(12 * c.MEDIAN_MRR * math.exp(random.gauss(0.0, 0.6)), -1)
        # Offers to firms of the ideal kind are seldom lost, so few of them are left among the prospects.
        lost, still_open = (0.35, 0.5) if prospect.kind == "icp" else (0.85, 0.92)
        draw = random.random()
        if draw < lost:
            opened = prospect.created_on + timedelta(days=random.randint(0, 40))
            closed = opened + timedelta(days=max(6, round(80 * math.exp(random.gauss(0.0, 0.6)))))
            if closed < c.AS_OF:
                rows.append(_deal(random, prospect, "Closed Lost", amount, opened, closed, "New Business"))
        elif draw < still_open:
            opened = c.AS_OF - timedelta(days=random.randint(4, 170))
            prospect.created_on = min(opened, max(prospect.created_on, opened - timedelta(days=60)))
            expected = c.AS_OF + timedelta(days=random.randint(5, 90))
            stage = random.choice(_OPEN_STAGES)
            rows.append(_deal(random, prospect, stage, amount, opened, expected, "New Business"))
    orphans = [row for row in rows if row[3] == "Closed Lost"][5:8]
    for row in orphans:  # their companies were deleted in the CRM
        row[13], row[14] = "", str(int(row[14]) + 7)
    rows.sort(key=lambda row: (row[7], row[0]))
    return rows


def _deal(
    random: Random, company: Company, stage: str, amount: float, opened: date, closed: date, deal_type: str
) -> list[Any]:
    reason = ""
    if stage == "Closed Lost" and random.random() > 0.1:
        small = company.employees is not None and company.employees < 10
        reason = "Too small for us" if small and random.random() < 0.5 else _weighted(random)
    currency = company.currency if isinstance(company, Customer) else "EUR"
    suffix = (
        "extension"
        if deal_type == "Existing Business"
        else random.choice(("Tidelane", "new", "dispatch project"))
    )
    words = company.name.split(" ")
    short = " ".join(words[:2]) if words[0] == "Van" else words[0]
    return [
        str(18_200_000_000 + random.randrange(900_000_000)), f"{short} - {suffix}",
        "Sales Pipeline", stage, f"{amount:.2f}".rstrip("0").rstrip("."), currency, deal_type,
        _moment(random, opened), _moment(random, closed), "true" if stage == "Closed Won" else "false", reason,
        company.owner, company.source, company.name, company.record_id,
    ]  # fmt: skip


def _weighted(random: Random) -> str:
    return random.choices([reason for reason, _ in _LOST_REASONS], [weight for _, weight in _LOST_REASONS])[0]


def _moment(random: Random, day: date) -> str:
    return f"{day.isoformat()} {random.randrange(8, 18):02d}:{random.randrange(60):02d}"


def write_deals(path: Path, rows: list[list[Any]]) -> None:
    """HubSpot deals export; sales cycle = Close Date - Create Date."""
    write_csv(path, DEAL_HEADER, rows, quote_all=True)


def write_companies(
    path: Path, customers: list[Customer], prospects: list[Company], deal_rows: list[list[Any]]
) -> None:
    """HubSpot companies export: customers, leads, a few doubles, two test rows."""
    random = c.stream("crm")
    by_company: dict[str, list[list[Any]]] = {}
    for row in deal_rows:
        by_company.setdefault(row[14], []).append(row)
    rows = []
    for customer in customers:
        own = by_company.get(customer.record_id, [])
        won = sum(float(row[4]) for row in own if row[3] == "Closed Won")
        stage = "Evangelist" if customer.kind == "icp" and random.random() < 0.05 else "Customer"
        row = _company_row(random, customer, stage, len(own))
        row[10] = _moment(random, customer.won_on)
        row[-4:] = [health_score(random, customer), f"{won:.2f}", len(own),
                    (customer.won_on - customer.created_on).days]  # fmt: skip
        rows.append(row)
    for prospect in prospects:
        own = by_company.get(prospect.record_id, [])
        is_open = any(row[3] in _OPEN_STAGES for row in own)
        stage = "Opportunity" if is_open else random.choice(("Lead", "Lead", "Marketing Qualified Lead",
                                                             "Sales Qualified Lead"))  # fmt: skip
        rows.append(_company_row(random, prospect, stage, len(own)))
    rows += _doubles(random, rows) + _test_rows()
    rows.sort(key=lambda row: int(row[0]))
    write_csv(path, COMPANY_HEADER, rows, quote_all=True)


def _company_row(random: Random, company: Company, stage: str, n_deals: int) -> list[Any]:
    country = company.country
    if random.random() < 0.05 and country in _COUNTRY_SPELLINGS:
        country = random.choice(_COUNTRY_SPELLINGS[country])
    city = company.city if random.random() > 0.07 else None
    if city and random.random() < 0.05:
        city = city.lower() if random.random() < 0.6 else city.upper()
    name = company.name if random.random() > 0.04 else company.name.lower()
    customer = isinstance(company, Customer)
    status = (
        None if customer else random.choice(("New", "Open", "In Progress", "Unqualified", "Bad Timing", None))
    )
    return [
        company.record_id, name, company.domain, company.industry, company.employees, company.annual_revenue,
        country if random.random() > 0.05 else None, city, company.owner, _moment(random, company.created_on), None,
        stage, status, company.source, ";".join(company.web_technologies), company.sites, company.planning,
        *company.noise.values(), None, None, n_deals, None,
    ]  # fmt: skip


def _doubles(random: Random, rows: list[list[Any]]) -> list[list[Any]]:
    """The same firm typed in a second time by a colleague: new Record ID, same domain, thinner data."""
    originals = random.sample(
        [row for row in rows if row[2] and row[11] == "Customer"], c.N_DUPLICATE_COMPANIES
    )
    doubles = []
    for row in originals:
        double = [None] * len(row)
        double[0] = str(int(row[0]) + 11)
        double[1] = misspell_as_accounting_does(row[1], random).strip()
        double[2] = row[2] if random.random() < 0.5 else f"www.{row[2]}"
        double[6], double[8], double[9], double[11] = row[6], random.choice(OWNERS), row[9], "Lead"
        doubles.append(double)
    return doubles


def _test_rows() -> list[list[Any]]:
    rows = []
    for number, name in enumerate(("TEST - please delete", "Tidelane demo company")[: c.N_TEST_COMPANIES]):
        row: list[Any] = [None] * len(COMPANY_HEADER)
        row[0], row[1], row[2] = str(7_399_000_000 + number), name, "tidelane.example"
        row[8], row[9], row[11] = OWNERS[0], "2022-01-10 09:00", "Other"
        rows.append(row)
    return rows
