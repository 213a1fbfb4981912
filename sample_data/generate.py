"""Write all sample files again, byte for byte: `python sample_data/generate.py [--out FOLDER]`."""

import argparse
from pathlib import Path

import billing
import constants as c
import crm
from accounts import companies
from names import NamePool


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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write to")
    generate(parser.parse_args().out)
