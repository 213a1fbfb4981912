"""Who counts as a customer: a CRM also holds leads, partners and test entries."""

from __future__ import annotations

import duckdb

# Life-cycle words that mean "buys from us", lower case, in the languages met in exports.
CUSTOMER_WORDS = (
    "customer",
    "customers",
    "active customer",
    "current customer",
    "existing customer",
    "former customer",
    "past customer",
    "churned",
    "churned customer",
    "lost customer",
    "evangelist",
    "client",
    "active client",
    "former client",
    "customer - direct",
    "customer - channel",
    "kunde",
    "bestandskunde",
    "ehemaliger kunde",
    "altkunde",
    "client actif",
    "ancien client",
    "cliente",
    "cliente activo",
    "cliente attivo",
    "cliente ativo",
    "klant",
)

# From this share of filled rows on, a life-cycle column is taken at its word.
_TRUSTED_SHARE = 0.5

_LIFECYCLE = """
SELECT count(*) FILTER (word IS NOT NULL) / greatest(count(*), 1) AS filled,
       count(*) FILTER (list_contains($words, word))              AS customers,
       count(*)                                                   AS n
FROM (SELECT lower(trim(coalesce(lifecycle, customer_type))) AS word FROM k_customers)
"""

_BUYERS = """
SELECT customer_id FROM k_orders WHERE coalesce(amount, 0) > 0
UNION
SELECT customer_id FROM k_subscriptions
UNION
SELECT customer_id FROM k_deals WHERE is_won
"""


def make_population(con: duckdb.DuckDBPyConnection) -> str:
    """Create the temporary table ``population(customer_id)`` and say in a sentence who is in it.

    Reads the temporary tables ``k_<kind>`` (rows with ``customer_id``). Where the CRM says who is a
    customer, its word holds, and whoever bought is one too; where it does not, everyone in a customer
    table counts. With neither customers nor money, whoever answered or is named counts.
    """
    words = list(CUSTOMER_WORDS)
    filled, named, n = con.execute(_LIFECYCLE, {"words": words}).fetchone()
    buyers = con.execute(f"SELECT count(*) FROM ({_BUYERS})").fetchone()[0]
    if n and named and filled >= _TRUSTED_SHARE:
        body = f"""
            SELECT customer_id FROM k_customers
            WHERE list_contains($words, lower(trim(coalesce(lifecycle, customer_type))))
            UNION {_BUYERS}
        """
        sentence = "Customers are the accounts that the CRM calls customers, and everyone who bought."
    elif n or buyers:
        body = f"SELECT customer_id FROM k_customers UNION {_BUYERS}"
        words = None
        sentence = (
            "Everyone in the customer table counts as a customer."
            if n
            else "Everyone who bought counts as a customer."
        )
    else:
        body = " UNION ".join(
            f"SELECT customer_id FROM k_{kind}"
            for kind in ("responses", "usage", "tickets", "contacts", "notes")
        )
        words = None
        sentence = "No customer list or sales are loaded: everyone who is named in the other tables counts."
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE population AS SELECT DISTINCT customer_id FROM ({body})",
        {"words": words} if words else {},
    )
    return sentence
