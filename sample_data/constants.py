"""Seed, dates, counts and planted effects of the sample data: every choice the generator makes, by name."""

from datetime import date
from random import Random

# Chosen among several hundred so that chance does not blur the planted truths (counts, decoy, noise near their means).
SEED = 20263265
SHOP_SEED = 20261031
FIRST_DAY = date(2021, 11, 1)
AS_OF = date(2026, 10, 31)

# B2B: Tidelane (fictional, Utrecht) sells planning software to firms that send crews to sites.
N_CUSTOMERS = 600
N_PROSPECT_COMPANIES = 640  # in the CRM, never bought
N_DUPLICATE_COMPANIES = 9
N_TEST_COMPANIES = 2
N_SURVEY_ANSWERS = 220
N_SURVEY_PREVIEWS = 6
N_TICKETS = 640
N_LEADS = 300
N_LEADS_ALREADY_CUSTOMERS = 8
N_LEAD_DUPLICATES = 7
USAGE_FIRST_MONTH = date(2024, 11, 1)
GBP_IN_EUR = 1.17  # sets the pound prices and states the truths; the files keep pounds as pounds

# Planted truth 1: the ideal customer, three conditions that only work together.
ICP_INDUSTRY = "Facilities Services"
ICP_EMPLOYEES = (50, 200)
ICP_MIN_SITES = 3
ICP_PRICE_FACTOR = 2.4
# Planted truth 2: the anti-segment.
ANTI_SOURCE = "Paid Social"
ANTI_MAX_EMPLOYEES = 9
ANTI_PRICE_FACTOR = 0.45
# Months until a customer leaves are exponential with these monthly rates.
CHURN_RATE = {"icp": 0.0030, "anti": 0.055, "other": 0.0122}
# Chance that a customer takes more seats once; days from first talk to contract; score in the survey.
UPGRADE_CHANCE = {"icp": 0.45, "anti": 0.03, "other": 0.16}
CYCLE_MEDIAN_DAYS = {"icp": 33, "anti": 24, "other": 62}
NPS_MEAN = {"icp": 9.2, "anti": 4.8, "other": 8.0}
# Planted truth 4: the decoy goes with the ICP and does nothing by itself.
DECOY = "Dispatch planning today"
DECOY_LEVEL = "Spreadsheets"
DECOY_SHARE = {"icp": 0.80, "other": 0.28}
# Planted truth 5: attributes that mean nothing.
NOISE_ATTRIBUTES = ("Favourite conference", "Logo colour", "Fiscal year end", "Office plant")

MEDIAN_MRR = 470.0
SIGMA_MRR = 0.60
SEASON_MONTHS = (3, 4, 5)  # services are sold before the summer season

# B2C: Wanderkiste (fictional, Leipzig) sells camping and hiking gear online.
N_SHOP_CUSTOMERS = 900
N_SHOP_ANSWERS = 180
SHOP_FIRST_DAY = date(2023, 1, 1)
SHOP_ICP_AGE = (35, 54)
SHOP_ICP_HOUSEHOLD = "Family with children"
SHOP_ICP_MIN_TRIPS = 3
SHOP_ANTI_CHANNEL = "Coupon site"
SHOP_ANTI_MAX_AGE = 34


def stream(part: str, seed: int = SEED) -> Random:
    """An own stream of chance for one part, so that a change in one file leaves the others as they were."""
    return Random(f"{seed}:{part}")
