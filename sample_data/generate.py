"""Write all sample files again, byte for byte: `python sample_data/generate.py [--out FOLDER]`."""

import argparse
from pathlib import Path

import billing
import constants as c
import crm
import feedback
import market
from accounts import companies, strangers
from interview import write_interview
from names import NamePool
from shop import write_shop


def generate(out: Path) -> None:
    """Write `b2b/` and `b2c/` below `out`; existing files of the same name are replaced."""
    b2b = out / "b2b"
    b2b.mkdir(parents=True, exist_ok=True)
    names = NamePool(c.stream("names"))
    customers, prospects = companies(names)
    deal_rows = crm.deals(customers, prospects)
    crm.write_deals(b2b / "hubspot-deals.csv", deal_rows)
    crm.write_companies(b2b / "hubspot-companies.csv", customers, prospects, deal_rows)
    billing.write_subscriptions(b2b / "stripe-subscriptions.csv", customers)
    billing.write_invoices(b2b / "invoices.xlsx", customers)
    feedback.write_survey(b2b / "nps-survey.csv", customers, names)
    feedback.write_notes(b2b / "team-notes.csv", customers)
    feedback.write_tickets(b2b / "support-tickets.csv", customers)
    market.write_usage(b2b / "usage.csv", customers)
    market.write_costs(b2b / "marketing-costs.csv")
    new_leads = c.N_LEADS - c.N_LEADS_ALREADY_CUSTOMERS - c.N_LEAD_DUPLICATES
    market.write_leads(
        b2b / "lead-list.csv", strangers(names, "strangers", new_leads, first_number=3_000), customers
    )
    write_interview(b2b / "interview-zoom.vtt")
    write_shop(out / "b2c")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write to")
    generate(parser.parse_args().out)
