"""The companies behind the B2B files: what is known before the sale, and what they then paid and did."""

import bisect
import math
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

import constants as c
from names import CITIES, INDUSTRIES, NamePool, email, slug

_INDUSTRY_WEIGHTS = (36, 13, 12, 6, 8, 8, 6, 9, 5, 6)
_COUNTRY_WEIGHTS = {
    "Germany": 30, "Austria": 7, "Switzerland": 5, "Netherlands": 17, "Belgium": 9,
    "United Kingdom": 13, "Ireland": 4, "France": 9, "Denmark": 6,
}  # fmt: skip
_SOURCE_WEIGHTS = {
    "Organic Search": 24, "Referrals": 15, "Paid Search": 14, "Direct Traffic": 12, "Paid Social": 21,
    "Offline Sources": 12, "Email Marketing": 6, "Organic Social": 4,
}  # fmt: skip
# Staff by rank in the market: (up to this share, fewest, most). Round numbers are common, so cuts fall on them,
# and nobody stands on the edges 9|10, 44|50 and 200|220.
_STAFF = (
    (0.185, 2, 9), (0.215, 10, 10), (0.385, 11, 44), (0.415, 50, 50), (0.60, 52, 95), (0.785, 96, 200),
    (0.815, 220, 220), (1.001, 225, 1400),
)  # fmt: skip
# Sites: half of the market has one or two.
_SITES = ((0.22, 1, 1), (0.42, 2, 2), (0.60, 3, 3), (0.78, 4, 6), (0.91, 7, 12), (1.0, 13, 40))
OWNERS = ("Marijke de Wilde", "Tobias Rennhak", "Aoife Kinsella", "Sven Ohlendiek")
WEB_TECHNOLOGIES = ("WordPress", "Google Analytics", "Microsoft 365", "Cloudflare", "Matomo", "TYPO3",
                    "Google Tag Manager", "Shopware", "Nginx", "Hotjar")  # fmt: skip
NOISE_LEVELS = {
    "Favourite conference": (
        "Trade fair Cologne",
        "Field Days",
        "Ops Summit",
        "Regional roadshow",
        "No favourite",
    ),
    "Logo colour": ("Green", "Blue", "Grey", "Red", "Orange", "Black"),
    "Fiscal year end": ("December", "March", "June", "September"),
    "Office plant": ("Monstera", "Rubber tree", "Cactus", "Yucca", "No plant"),
}
# Price of a seat per month; a firm with few people and large needs takes the flat plan: one price, all its people.
PLANS = (("core", "Tidelane Core", 29), ("pro", "Tidelane Pro", 39), ("scale", "Tidelane Scale", 49))
FLAT_PLAN = ("team", "Tidelane Team flat", 0)


@dataclass
class Company:
    """A company in the CRM. `None` is a blank that really is blank in the file."""

    record_id: str
    name: str
    domain: str | None
    mail_domain: str
    industry: str | None
    employees: int | None
    country: str
    city: str
    annual_revenue: int | None
    sites: int | None
    source: str | None
    planning: str | None
    web_technologies: list[str]
    noise: dict[str, str | None]
    owner: str
    created_on: date
    contact: tuple[str, str]
    contact_email: str
    kind: str = "other"


@dataclass
class Phase:
    """A stretch of time at one number of seats and one price of a seat per month (flat plan: one seat)."""

    starts: date
    seats: int
    price: float

    @property
    def mrr(self) -> float:
        """Monthly recurring revenue in the customer's currency."""
        return round(self.seats * self.price, 2)


@dataclass
class Customer(Company):
    """A company that bought: contract, price, and when it left."""

    billing_name: str = ""
    currency: str = "EUR"
    interval: str = "month"
    plan: tuple[str, str, int] = PLANS[0]
    won_on: date = c.FIRST_DAY
    cycle_days: int = 60
    started_on: date = c.FIRST_DAY
    ended_on: date | None = None
    cancel_requested_on: date | None = None
    cancel_reason: str = ""
    phases: list[Phase] = field(default_factory=list)

    def phase(self, day: date) -> Phase:
        """What is subscribed on that day (before the start: what will be)."""
        return next((phase for phase in reversed(self.phases) if phase.starts <= day), self.phases[0])

    @property
    def users(self) -> int:
        """People who may log in."""
        seats = self.phases[-1].seats
        return seats if seats > 1 else max(1, round(0.6 * (self.employees or 10)))

    def mrr(self, day: date) -> float:
        """Monthly recurring revenue on that day, in the customer's currency."""
        return self.phase(day).mrr

    def is_active(self, day: date) -> bool:
        """Whether the subscription runs on that day."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


def add_months(day: date, months: int) -> date:
    """Same day of a later month, or its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def companies(names: NamePool) -> tuple[list[Customer], list[Company]]:
    """All customers, and the companies that were in the CRM but never bought."""
    customers = [Customer(**vars(company)) for company in strangers(names, "customers", c.N_CUSTOMERS)]
    _contracts(customers)
    prospects = strangers(names, "prospects", c.N_PROSPECT_COMPANIES, first_number=c.N_CUSTOMERS)
    random = c.stream("prospects created")
    for prospect in prospects:
        prospect.created_on = c.FIRST_DAY + timedelta(
            days=random.randrange((c.AS_OF - c.FIRST_DAY).days - 20)
        )
    return customers, prospects


def strangers(names: NamePool, part: str, count: int, first_number: int = 0) -> list[Company]:
    """Companies with all that can be known about them before they buy anything."""
    random = c.stream(part)
    drawn = [_attributes(random, names, first_number + i) for i in range(count)]
    _spread_staff_and_sites(random, drawn)
    _noise(c.stream(f"{part} noise"), drawn)
    for company in drawn:
        company.kind = _kind(company)
        _decoy(random, company)
        _contact(random, names, company)
    return drawn


def _pick(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _attributes(random: Random, names: NamePool, index: int) -> Company:
    industry = random.choices(INDUSTRIES, _INDUSTRY_WEIGHTS)[0]
    country = _pick(random, _COUNTRY_WEIGHTS)
    name, domain = names.company(industry, country)
    return Company(
        record_id=str(7_310_000_000 + index * 48_611 + random.randrange(40_000)),
        name=name,
        domain=domain,
        mail_domain=domain,
        industry=industry if random.random() > 0.03 else None,
        employees=None,
        country=country,
        city=random.choice(CITIES[country]),
        annual_revenue=None,
        sites=None,
        source=_pick(random, _SOURCE_WEIGHTS) if random.random() > 0.03 else None,
        planning=None,
        web_technologies=random.sample(WEB_TECHNOLOGIES, random.randint(1, 4))
        if random.random() > 0.12
        else [],
        noise={},
        owner=random.choice(OWNERS),
        created_on=c.FIRST_DAY,
        contact=("", ""),
        contact_email="",
    )


def _noise(random: Random, drawn: list[Company]) -> None:
    for company in drawn:
        for attribute, levels in NOISE_LEVELS.items():
            company.noise[attribute] = random.choice(levels) if random.random() > 0.08 else None


def _spread_staff_and_sites(random: Random, drawn: list[Company]) -> None:
    """Staff and sites go together, facility firms are mostly mid-sized; then some cells are lost."""
    latent = []
    for company in drawn:
        facility = company.industry == c.ICP_INDUSTRY
        size = random.gauss(0.2, 0.72) if facility else random.gauss(0.0, 1.1)
        if company.source == c.ANTI_SOURCE:
            size -= 0.9
        spread = 0.25 * size + random.gauss(0.1 if facility else 0.0, 0.95)
        latent.append((size, spread))
    sizes, spreads = sorted(size for size, _ in latent), sorted(spread for _, spread in latent)
    for company, (size, spread) in zip(drawn, latent, strict=True):
        staff = _staff(bisect.bisect_left(sizes, size) / len(drawn))
        if 100 < staff != 220 and random.random() < 0.5:
            staff = round(staff / 10) * 10
        rank = bisect.bisect_left(spreads, spread) / len(drawn)
        low, high = next((lo, hi) for top, lo, hi in _SITES if rank < top)
        sites = min(random.randint(low, high), max(1, staff // 4))
        company.employees = staff if random.random() > 0.05 else None
        company.sites = sites if random.random() > 0.06 else None
        turnover = staff * 95_000 * math.exp(random.gauss(0.0, 0.75))
        company.annual_revenue = (
            round(turnover, -4 if turnover < 5e6 else -5) if random.random() > 0.14 else None
        )
        if company.annual_revenue is not None:
            company.annual_revenue = int(company.annual_revenue)


def _staff(rank: float) -> int:
    start = 0.0
    for top, low, high in _STAFF:
        if rank < top:
            return round(low * (high / low) ** ((rank - start) / (top - start)))
        start = top
    raise ValueError(f"rank {rank} is not below 1")


def _kind(company: Company) -> str:
    """`icp`, `anti` or `other`, judged by what the file shows: a blank cell never counts as a match."""
    staff = company.employees
    if (
        company.industry == c.ICP_INDUSTRY
        and staff is not None
        and c.ICP_EMPLOYEES[0] <= staff <= c.ICP_EMPLOYEES[1]
        and company.sites is not None
        and company.sites >= c.ICP_MIN_SITES
    ):
        return "icp"
    if company.source == c.ANTI_SOURCE and staff is not None and staff <= c.ANTI_MAX_EMPLOYEES:
        return "anti"
    return "other"


def _decoy(random: Random, company: Company) -> None:
    share = c.DECOY_SHARE["icp" if company.kind == "icp" else "other"]
    if random.random() < 0.06:
        company.planning = None
    elif random.random() < share:
        company.planning = c.DECOY_LEVEL
    else:
        company.planning = random.choices(("Whiteboard", "Other software", "Paper and phone"), (4, 4, 3))[0]


def _contact(random: Random, names: NamePool, company: Company) -> None:
    """A person to write to; very small firms often use a free-mail address and have no domain in the CRM."""
    first, last = names.person(company.country)
    company.contact = (first, last)
    if company.employees is not None and company.employees <= 9 and random.random() < 0.3:
        provider = "gmx.de" if company.country in ("Germany", "Austria") else "gmail.com"
        stem = slug(company.name.split()[0] + " " + company.name.split()[1]).replace("-", "")
        company.mail_domain = provider
        company.contact_email = f"{slug(first)[0]}{slug(last)}.{stem}@{provider}"
        company.domain = None
        return
    company.contact_email = email(first, last, company.mail_domain)
    if random.random() < 0.06:
        company.domain = None


_CANCEL_REASONS = {
    "icp": ("Bought by a larger group", "Company closed a region"),
    "other": ("Went back to spreadsheets", "Too expensive", "Switched to competitor", "Missing integration",
              "Crews did not use the app", "Project lead left", "Company closed"),
    "anti": ("Too expensive", "Not needed any more", "Too complicated for us", "Went back to paper", "Payment failed"),
}  # fmt: skip


def _contracts(customers: list[Customer]) -> None:
    """Start, price, extension and end of each contract; the number of new customers grows and dips in summer."""
    random = c.stream("contracts")
    months = (c.AS_OF.year - c.FIRST_DAY.year) * 12 + c.AS_OF.month - c.FIRST_DAY.month
    season = {1: 1.2, 2: 1.3, 3: 1.3, 4: 1.1, 7: 0.7, 8: 0.6, 12: 0.5}
    starts = list(range(months))
    weights = [(1 + 1.6 * m / months) * season.get(add_months(c.FIRST_DAY, m).month, 1.0) for m in starts]
    for customer in customers:
        kind = customer.kind
        month = random.choices(starts, weights)[0]
        customer.started_on = add_months(c.FIRST_DAY, month).replace(day=random.randint(1, 28))
        customer.won_on = customer.started_on - timedelta(days=random.randint(1, 14))
        customer.cycle_days = max(4, round(c.CYCLE_MEDIAN_DAYS[kind] * math.exp(random.gauss(0.0, 0.45))))
        customer.created_on = customer.won_on - timedelta(days=customer.cycle_days + random.randint(0, 25))
        customer.interval = "year" if random.random() < (0.1 if kind == "anti" else 0.34) else "month"
        if customer.country == "United Kingdom" and random.random() < 0.45:
            customer.currency = "GBP"
        factor = {"icp": c.ICP_PRICE_FACTOR, "anti": c.ANTI_PRICE_FACTOR}.get(kind, 1.0)
        mrr = min(5600.0, max(120.0, c.MEDIAN_MRR * factor * math.exp(random.gauss(0.0, c.SIGMA_MRR))))
        if customer.currency == "GBP":
            mrr /= c.GBP_IN_EUR
        _subscribe(customer, mrr)
        _end(random, customer)
        _extension(random, customer)


def _subscribe(customer: Customer, mrr: float) -> None:
    """The plan that brings about this much a month; paying yearly saves 10 % on the list price of a seat."""
    customer.plan = PLANS[0] if mrr < 420 else PLANS[1] if mrr < 1300 else PLANS[2]
    price = round(customer.plan[2] * (0.9 if customer.interval == "year" else 1.0), 2)
    seats = max(4, round(mrr / price))
    if customer.employees is not None and seats > 0.8 * customer.employees:
        customer.plan, seats, price = FLAT_PLAN, 1, round(mrr, -1) - 1
    customer.phases = [Phase(customer.started_on, seats, price)]


def _end(random: Random, customer: Customer) -> None:
    """Monthly contracts end at a month's end, yearly ones only when the year is over."""
    life = max(2, math.ceil(random.expovariate(c.CHURN_RATE[customer.kind])))
    if customer.interval == "year":
        life = math.ceil(life / 12) * 12
    ends = add_months(customer.started_on, life)
    requested = ends - timedelta(days=random.randint(8, 28 if customer.interval == "month" else 85))
    if requested > c.AS_OF:
        return
    customer.cancel_requested_on = max(requested, customer.started_on + timedelta(days=10))
    customer.cancel_reason = random.choice(_CANCEL_REASONS[customer.kind]) if random.random() > 0.12 else ""
    customer.ended_on = ends


def _extension(random: Random, customer: Customer) -> None:
    """More seats from the start of a later quarter of the contract (a later year when paid yearly)."""
    last = min(customer.ended_on or c.AS_OF, c.AS_OF)
    step = 12 if customer.interval == "year" else 3
    chances = [
        add_months(customer.started_on, m)
        for m in range(step, 60, step)
        if add_months(customer.started_on, m) < last
    ]
    if not chances or random.random() > c.UPGRADE_CHANCE[customer.kind]:
        return
    first, more = customer.phases[0], 1 + random.uniform(0.12, 0.45)
    seats = max(first.seats + 2, round(first.seats * more)) if first.seats > 1 else 1
    price = first.price if seats > 1 else round(first.price * more, -1) - 1
    customer.phases.append(Phase(random.choice(chances), seats, price))
