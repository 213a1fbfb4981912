"""The B2C set: an online shop for camping gear, its customers, orders and a survey."""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import constants as c
import shop_texts as texts
from files import write_csv
from names import FEMALE_NAMES, NamePool, slug

CUSTOMER_HEADER = (
    "Customer ID", "First Name", "Last Name", "Email", "Age", "Gender", "City", "Country", "Income band", "Household",
    "Education", "Lifestyle", "Camping trips per year", "Acquisition channel", "Customer since", "Newsletter",
    "Favourite colour", "Birthday month", "Zodiac sign",
)  # fmt: skip
SHOPIFY_HEADER = tuple(
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,"
    "Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,"
    "Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,"
    "Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,"
    "Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,"
    "Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,"
    "Payment Terms Name,Next Payment Due At,Payment References".split(",")
)
_CITIES = {"Germany": ("Leipzig", "Dresden", "Erfurt", "Freiburg", "Kiel", "Ulm", "Berlin", "Hannover", "Augsburg"),
           "Austria": ("Innsbruck", "Graz", "Linz"), "Netherlands": ("Nijmegen", "Utrecht"),
           "France": ("Strasbourg", "Lyon")}  # fmt: skip
_ISO = {"Germany": "DE", "Austria": "AT", "Netherlands": "NL", "France": "FR"}
_HOUSEHOLDS = (
    ("Single", 25),
    ("Couple", 27),
    ("Family with children", 33),
    ("Shared flat", 8),
    ("Empty nest", 7),
)
_INCOMES = (("under 20k", 14), ("20-35k", 26), ("35-50k", 27), ("50-75k", 21), ("over 75k", 12))
_EDUCATION = (("Vocational", 38), ("Bachelor", 24), ("Master", 22), ("School leaver", 12), ("Doctorate", 4))
_LIFESTYLE = (
    "Hiking",
    "Cycling",
    "Gardening",
    "Festivals",
    "Cooking",
    "Photography",
    "Climbing",
    "Dog owner",
)
_CHANNELS = (("Search", 25), ("Friends", 17), ("Instagram", 16), (c.SHOP_ANTI_CHANNEL, 15), ("Magazine", 9),
             ("Marketplace", 10), ("Camp site flyer", 8))  # fmt: skip
_COLOURS = ("Green", "Blue", "Red", "Yellow", "Black", "Orange")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_ZODIAC = ("Aries", "Taurus", "Gemini", "Cancer", "Leo", "Virgo", "Libra", "Scorpio", "Sagittarius", "Capricorn",
           "Aquarius", "Pisces")  # fmt: skip
# Orders by month of the year: camping gear is bought from April to July, presents in December.
_SEASON = (0.5, 0.6, 0.9, 1.4, 1.9, 2.0, 1.6, 0.9, 0.6, 0.5, 0.6, 1.1)


@dataclass
class Shopper:
    """A person who bought at least once."""

    number: int
    first: str
    last: str
    email: str
    age: int | None
    gender: str | None
    country: str
    city: str
    income: str | None
    household: str | None
    education: str | None
    lifestyle: list[str]
    trips: int | None
    channel: str | None
    newsletter: str
    noise: tuple[str | None, ...]
    kind: str = "other"
    orders: list[date] = field(default_factory=list)


def _weighted(random: Random, options: tuple[tuple[str, int], ...]) -> str:
    return random.choices([option for option, _ in options], [weight for _, weight in options])[0]


def shoppers() -> list[Shopper]:
    """All persons of the shop with the days they ordered on."""
    random = c.stream("shoppers", c.SHOP_SEED)
    names = NamePool(random)
    people = [_shopper(random, names, number) for number in range(c.N_SHOP_CUSTOMERS)]
    for person in people:
        person.orders = _order_days(random, person.kind)
    return people


def _shopper(random: Random, names: NamePool, number: int) -> Shopper:
    country = random.choices(list(_CITIES), (74, 12, 8, 6))[0]
    first, last = names.person(country)
    gender = "diverse" if random.random() < 0.02 else "female" if first in FEMALE_NAMES else "male"
    household = _weighted(random, _HOUSEHOLDS)
    family = household == c.SHOP_ICP_HOUSEHOLD
    age = min(79, max(18, round(random.gauss(41, 7) if family else random.gauss(36.5, 13))))
    trips = min(14, int(random.expovariate(1 / 2.9)) + (1 if random.random() < 0.45 else 0))

    def known(value: Any, gap: float) -> Any:
        return value if random.random() > gap else None

    person = Shopper(
        number, first, last, f"{slug(first)}.{slug(last)}{number:03d}@{random.choice(('gmail.com', 'gmx.de', 'web.de'))}",
        known(age, 0.05), known(gender, 0.06), country,
        random.choice(_CITIES[country]), known(_weighted(random, _INCOMES), 0.12), known(household, 0.05),
        known(_weighted(random, _EDUCATION), 0.1), random.sample(_LIFESTYLE, random.randint(1, 3)), known(trips, 0.05),
        known(_weighted(random, _CHANNELS), 0.04), random.choice(("yes", "yes", "no")),
        (known(random.choice(_COLOURS), 0.06), known(random.choice(_MONTHS), 0.06), known(random.choice(_ZODIAC), 0.06)),
    )  # fmt: skip
    if (
        person.age is not None
        and c.SHOP_ICP_AGE[0] <= person.age <= c.SHOP_ICP_AGE[1]
        and person.household == c.SHOP_ICP_HOUSEHOLD
        and person.trips is not None
        and person.trips >= c.SHOP_ICP_MIN_TRIPS
    ):
        person.kind = "icp"
    elif (
        person.channel == c.SHOP_ANTI_CHANNEL and person.age is not None and person.age <= c.SHOP_ANTI_MAX_AGE
    ):
        person.kind = "anti"
    return person


def _order_days(random: Random, kind: str) -> list[date]:
    """First order anywhere in the period, then repeat orders until the person loses interest."""
    days = (c.AS_OF - c.SHOP_FIRST_DAY).days
    first = None
    while first is None or not _in_season(random, first):
        first = c.SHOP_FIRST_DAY + timedelta(days=int(days * random.betavariate(1.15, 1.25)))
    orders = [first]
    stay = {"icp": 0.74, "anti": 0.12, "other": 0.50}[kind]
    gap = {"icp": 120, "anti": 200, "other": 150}[kind]
    while random.random() < stay:
        day = orders[-1] + timedelta(days=max(6, round(random.gammavariate(1.6, gap / 1.6))))
        while not _in_season(random, day):
            day += timedelta(days=random.randint(9, 30))
        if day > c.AS_OF:
            break
        orders.append(day)
    return orders


def _in_season(random: Random, day: date) -> bool:
    return random.random() < _SEASON[day.month - 1] / 2


def write_shop(folder: Path) -> None:
    """Write the three files of the shop."""
    folder.mkdir(parents=True, exist_ok=True)
    people = shoppers()
    _write_customers(folder / "shop-customers.csv", people)
    _write_orders(folder / "shopify-orders.csv", people)
    _write_survey(folder / "shop-survey.csv", people)


def _write_customers(path: Path, people: list[Shopper]) -> None:
    random = c.stream("shop customers", c.SHOP_SEED)
    rows = []
    for person in people:
        city = person.city if random.random() > 0.08 else None
        rows.append([
            f"W{10_000 + person.number}", person.first, person.last, person.email, person.age, person.gender,
            city.lower() if city and random.random() < 0.04 else city, person.country, person.income, person.household,
            person.education, ";".join(person.lifestyle), person.trips, person.channel, person.orders[0].isoformat(),
            person.newsletter, *person.noise,
        ])  # fmt: skip
    write_csv(path, CUSTOMER_HEADER, rows)


def _write_orders(path: Path, people: list[Shopper]) -> None:
    """One row per line item; totals stand on the first line of an order only, as Shopify writes them."""
    random = c.stream("shopify", c.SHOP_SEED)
    orders = sorted((day, person.number, person) for person in people for day in person.orders)
    rows: list[list[Any]] = []
    for number, (day, _, person) in enumerate(orders):
        rows = _order_rows(random, person, day, 1001 + number) + rows  # the newest order comes first
    write_csv(path, SHOPIFY_HEADER, rows)


def _order_rows(random: Random, person: Shopper, day: date, number: int) -> list[list[Any]]:
    factor = {"icp": 1.8, "anti": 0.6}.get(person.kind, 1.0) * math.exp(random.gauss(0.0, 0.45))
    n_lines = random.choices((1, 2, 3), (52, 34, 14))[0]
    lines = []
    for name, sku, price in random.sample(texts.PRODUCTS, n_lines):
        quantity = random.choices((1, 2, 3, 4), (70, 20, 6, 4))[0] if price < 60 else 1
        size = price * factor / 1.5
        lines.append((quantity, name, sku, max(4.9, round(size) - 0.1)))
    subtotal = round(sum(quantity * price for quantity, _, _, price in lines), 2)
    coupon = random.random() < (0.85 if person.channel == c.SHOP_ANTI_CHANNEL else 0.12)
    discount = round(subtotal * 0.1, 2) if coupon else 0.0
    shipping = 0.0 if subtotal > 80 else 5.9
    total = round(subtotal - discount + shipping, 2)
    draw = random.random()
    returned = 0.3 if person.kind == "anti" else 0.05
    status, refunded, cancelled = "paid", 0.0, ""
    created = datetime.combine(day, time(random.randrange(7, 23), random.randrange(60), random.randrange(60)))
    moment = created.strftime("%Y-%m-%d %H:%M:%S +0200")
    if draw < returned:
        status, refunded = "refunded", total
    elif draw < returned + 0.03:
        status, refunded = "partially_refunded", round(total * random.uniform(0.2, 0.6), 2)
    elif draw < returned + 0.045:
        status, cancelled = "voided", (created + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M:%S +0200")
    rows = []
    for index, (quantity, name, sku, price) in enumerate(lines):
        cells: dict[str, Any] = {
            "Name": f"#{number}", "Email": person.email, "Created at": moment, "Lineitem quantity": quantity,
            "Lineitem name": name, "Lineitem price": f"{price:.2f}", "Lineitem sku": sku,
            "Lineitem requires shipping": "true", "Lineitem taxable": "true",
            "Lineitem fulfillment status": "pending" if cancelled else "fulfilled", "Vendor": "Wanderkiste",
        }  # fmt: skip
        if index == 0:
            cells |= {
                "Financial Status": status, "Paid at": "" if cancelled else moment, "Currency": "EUR",
                "Fulfillment Status": "unfulfilled" if cancelled else "fulfilled", "Accepts Marketing": person.newsletter,
                "Subtotal": f"{subtotal - discount:.2f}", "Shipping": f"{shipping:.2f}",
                "Taxes": f"{total - total / 1.19:.2f}", "Total": f"{total:.2f}",
                "Discount Code": "SAVE10" if coupon else "", "Discount Amount": f"{discount:.2f}",
                "Shipping Method": "Standard", "Billing Name": f"{person.first} {person.last}",
                "Billing City": person.city, "Billing Country": _ISO[person.country], "Cancelled at": cancelled,
                "Payment Method": "Shopify Payments", "Refunded Amount": f"{refunded:.2f}", "Outstanding Balance": "0.00",
                "Id": str(5_600_000_000_000 + number * 7919), "Source": "web", "Risk Level": "Low",
            }  # fmt: skip
        rows.append([cells.get(column) for column in SHOPIFY_HEADER])
    return rows


def _write_survey(path: Path, people: list[Shopper]) -> None:
    """Google Forms answers linked to a sheet: day/month order of the account, checkboxes joined by a comma."""
    random = c.stream("shop survey", c.SHOP_SEED)
    able = [person for person in people if person.orders[-1] > date(2025, 1, 1)]
    weights = [2.0 if person.kind == "icp" else 1.0 for person in able]
    chosen: list[Shopper] = []
    while len(chosen) < c.N_SHOP_ANSWERS:
        person = random.choices(able, weights)[0]
        if person not in chosen:
            chosen.append(person)
    rows = []
    for person in chosen:
        mean = {"icp": 9.1, "anti": 4.5}.get(person.kind, 7.4)
        score = min(10, max(0, round(random.gauss(mean, 1.5))))
        moment = datetime(2026, 9, 7) + timedelta(minutes=random.randrange(60 * 24 * 18))
        mood = (
            "icp"
            if person.kind == "icp" and score >= 7
            else "high"
            if score >= 9
            else "mid"
            if score >= 7
            else "low"
        )
        comment = random.choice(texts.COMMENTS[mood]) if random.random() > 0.22 else ""
        weighted = [(reason, icp if person.kind == "icp" else other) for reason, icp, other in texts.REASONS]
        reasons = {_weighted(random, tuple(weighted)) for _ in range(random.randint(1, 3))}
        asked = [reason for reason, *_ in texts.REASONS if reason in reasons]
        rows.append(
            [moment, moment.strftime("%d/%m/%Y %H:%M:%S"), person.email, score, comment, ", ".join(asked)]
        )
    rows.sort(key=lambda row: row[0])
    header = (
        "Timestamp", "Email Address", "How likely are you to recommend Wanderkiste to a friend? (0-10)",
        "What is the main reason for your score?", "What matters to you when you buy camping gear?",
    )  # fmt: skip
    write_csv(path, header, [row[1:] for row in rows])
