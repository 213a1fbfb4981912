"""Exports of analytics: GA4, PostHog, Mixpanel, Amplitude."""

from __future__ import annotations

from tests.core.gather.exports import ExportFile, text

_GA4_HEAD = """# ----------------------------------------
# Traffic acquisition: Session primary channel group
# Account: Acme, Inc.
# Property: acme.com
# ----------------------------------------
#
# All Users
# Start date: 20260801
# End date: 20260831
"""
_NO_CUSTOMER = "nothing in this file can be joined to a customer"


def _ga4(body: str) -> bytes:
    return (_GA4_HEAD + body).encode()


GA4 = [
    ExportFile(
        "ga4 report", "a block of remarks above the header; no customer in it", "download.csv",
        lambda: _ga4("Session primary channel group (Default channel group),Sessions,Engaged sessions,Engagement rate,Event count,Key events,Total revenue\nOrganic Search,1200,800,0.66,9000,12,0\nDirect,700,300,0.42,4000,3,0\n"),
        "ga4", "usage", {"Sessions": "sessions", "Event count": "events"}, n=2, says=(_NO_CUSTOMER, "Start date: 20260801"),
    ),
    ExportFile(
        "ga4 report, older spelling", "capitals and names changed between versions; a total row without a dimension", "download (1).csv",
        lambda: _ga4("Session primary channel group (Default Channel Group),Users,Sessions,Engaged sessions,Conversions\n,1900,1900,1100,15\nOrganic Search,1100,1200,800,12\nDirect,800,700,300,3\n"),
        "ga4", "usage", {"Sessions": "sessions", "Users": "active_users"}, {"sessions": [1200.0, 700.0]}, 2, says=(_NO_CUSTOMER,),
    ),
    ExportFile(
        "ga4 snapshot", "many tables in one file", "snapshot.csv",
        lambda: _ga4("Nth day,Active users\n0000,12\n0001,15\n0002,9\n# Start date: 20260801\n# End date: 20260831\nFirst user primary channel group (Default channel group),Active users,Key events\nDirect,800,3\nReferral,40,1\n# Start date: 20260801\n# End date: 20260831\nCountry ID,Active users\nDE,700\nFR,140\n"),
        "ga4", "usage", {"Nth day": None, "Active users": "active_users"}, n=3, says=(_NO_CUSTOMER,), tables=3,
    ),
    ExportFile(
        "ga4 report by day", "days without separators", "days.csv",
        lambda: _ga4("Date,Sessions,Engaged sessions,Active users\n20260531,120,80,100\n20260601,70,30,60\n"),
        "ga4", "usage", {"Date": "period_on", "Sessions": "sessions"}, {"period_on": ["2026-05-31", "2026-06-01"]}, 2, says=(_NO_CUSTOMER,),
    ),
    ExportFile(
        "ga4 report in German", "headings follow the user's language; the remarks tell the vendor", "download-de.csv",
        lambda: b"# ----------------------------------------\n# Neu generierte Zugriffe: Prim\xc3\xa4re Channelgruppe der Sitzung\n# Konto: Acme\n# Property: acme.de\n# ----------------------------------------\n#\n# Alle Nutzer\n# Startdatum: 20260801\n# Enddatum: 20260831\n"
        + "Primäre Channelgruppe der Sitzung (Standard-Channelgruppe),Sitzungen,Sitzungen mit Interaktionen,Ereignisanzahl\nOrganic Search,1200,800,9000\nDirect,700,300,4000\n".encode(),
        "ga4", "usage", {"Sitzungen": "sessions"}, n=2, says=(_NO_CUSTOMER,),
    ),
]  # fmt: skip

PEOPLE = [
    ExportFile(
        "posthog persons, only the display names", "the person's address stands under “person”", "persons.csv",
        lambda: text([["person", "id", "created_at"], ["ann@quarry.com", "018f-a", "2024-05-02T10:00:00.000Z"], ["jo@bettina.ch", "018f-b", "2024-05-03T10:00:00.000Z"]]),
        "posthog", "contacts", {"id": "contact_id", "person": "email"}, {"email": ["ann@quarry.com", "jo@bettina.ch"]}, 2,
    ),
    ExportFile(
        "posthog persons", "flattened ids and properties in alphabetical order; a note in a cell", "persons.csv",
        lambda: text([["created_at", "distinct_ids.0", "distinct_ids.1", "distinct_ids.10", "id", "is_identified", "name", "properties.$browser", "properties.company", "properties.email", "properties.plan"],
                      ["2024-01-01T10:00:00Z", "d1", "", "", "018f-1", "true", "ann@quarry.com", "Chrome", "Quarry Inc", "ann@quarry.com", "pro"], ["2024-01-02T10:00:00Z", "d2", "d3", "Note: 37 distinct_ids in total", "018f-2", "true", "jo@bettina.ch", "Safari", "Bettina AG", "jo@bettina.ch", "core"]]),
        "posthog", "contacts", {"id": "contact_id", "properties.email": "email", "properties.company": "account_name", "distinct_ids.10": None, "distinct_ids.0": None}, {"email": ["ann@quarry.com", "jo@bettina.ch"]}, 2,
    ),
    ExportFile(
        "posthog persons, current columns", "person, id and created_at", "export.csv",
        lambda: text([["person", "id", "created_at", "properties.email"], ["ann@quarry.com", "018f-1", "2024-01-01T10:00:00Z", "ann@quarry.com"], ["jo@bettina.ch", "018f-2", "2024-01-02T10:00:00Z", "jo@bettina.ch"]]),
        "posthog", "contacts", {"id": "contact_id", "properties.email": "email"}, n=2,
    ),
    ExportFile(
        "mixpanel profiles", "names with a dollar sign", "users.csv",
        lambda: text([["$distinct_id", "$name", "$email", "$phone", "$created", "Company", "Plan"], ["d1", "Ann Lee", "ann@quarry.com", "", "2024-01-01T10:00:00", "Quarry Inc", "pro"], ["d2", "Jo Voss", "jo@bettina.ch", "", "2024-01-02T10:00:00", "Bettina AG", "core"]]),
        "mixpanel", "contacts", {"$distinct_id": "contact_id", "$name": "person_name", "$email": "email", "Company": "account_name"}, n=2,
    ),
    ExportFile(
        "amplitude cohort", "two ids of a user", "cohort.csv",
        lambda: text([["amplitude_id", "user_id", "email", "plan"], ["101", "u1", "ann@quarry.com", "pro"], ["102", "u2", "jo@bettina.ch", "core"]]),
        "amplitude", "contacts", {"amplitude_id": "contact_id", "user_id": "account_id", "email": "email"}, n=2,
    ),
]  # fmt: skip

FILES = [*GA4, *PEOPLE]
