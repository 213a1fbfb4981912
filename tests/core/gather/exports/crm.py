"""Exports of CRM systems: HubSpot, Salesforce, Pipedrive, Zoho, Dynamics 365, Close, Freshsales."""

from __future__ import annotations

import datetime as dt

from tests.core.gather.exports import ExportFile, text
from tests.core.gather.files import workbook_bytes, zip_bytes

# ------------------------------------------------------------------------------------------- HubSpot

_COMPANIES = [
    ["Record ID", "Company name", "Company Domain Name", "Industry", "Number of Employees", "Annual Revenue", "City", "Country/Region",
     "Company owner", "Create Date", "Close Date", "Lifecycle Stage", "Type", "Original Traffic Source", "Web Technologies", "Parent Company",
     "Associated Contact IDs", "Number of Associated Deals", "Ideal Customer Profile Tier"],
    ["7310", "Nordwind GmbH", "nordwind.de", "COMPUTER_SOFTWARE", "58", "6600000", "Kiel", "Germany", "Aoife Kinsella", "2022-07-27 09:12",
     "2023-08-20 10:00", "Customer", "Prospect", "Organic Search", "WordPress;Nginx", "Nordwind Holding", "1;2", "2", "Tier 1"],
    ["7311", "Quarry & Sons, Inc.", "quarry.com", "CONSTRUCTION", "120", "1200000", "Boston", "United States", "Sven Ohlendiek", "2022-01-10 09:12",
     "2022-03-05 11:30", "Customer", "Prospect", "Referrals", "Nginx", "", "3", "1", "Tier 2"],
    ["7312", "Bettina Bau AG", "bettina.ch", "CONSTRUCTION", "7", "", "Bern", "Switzerland", "Sven Ohlendiek", "2021-01-10 09:12",
     "", "Evangelist", "Partner", "Direct Traffic", "", "", "", "0", ""],
]  # fmt: skip
_COMPANY_MEANS = {
    "Record ID": "account_id", "Company name": "account_name", "Company Domain Name": "domain", "Industry": "industry",
    "Number of Employees": "employees", "Annual Revenue": "company_revenue", "Company owner": "owner", "Close Date": "closed_on",
    "Parent Company": "parent_account", "Web Technologies": "tech_stack", "Ideal Customer Profile Tier": None,
}  # fmt: skip

_DEALS = [
    ["Record ID", "Deal Name", "Deal Stage", "Pipeline", "Amount", "Amount in company currency", "Currency", "Close Date", "Create Date", "Deal owner", "Deal Type",
     "Closed Lost Reason", "Is Closed Won", "Original Traffic Source", "Associated Company", "Associated Company IDs", "Associated Company IDs (Primary)",
     "Associated Contact IDs", 'Cumulative time in "Contract Sent (Sales Pipeline)"', "Date entered 'Contract Sent (Sales Pipeline)'"],
    ["0019", "Nordwind - new", "Closed Won", "Sales Pipeline", "8002.8", "8802.8", "USD", "2023-03-16 15:27", "2023-01-17 15:54", "Tobias", "New Business",
     "", "true", "Organic Search", "Nordwind GmbH", "7310;7399", "7310", "1;2", "1200", "2023-02-01 10:00"],
    ["0020", "Quarry - upsell", "Closed Lost", "Sales Pipeline", "100", "110", "USD", "2023-03-11 15:27", "2023-01-13 15:54", "Tobias", "Existing Business",
     "Price, budget", "false", "Referrals", "Quarry & Sons, Inc.", "7311", "7311", "3", "3", ""],
    ["0021", "Bettina", "Contract Sent", "Renewals", "", "", "", "2023-04-11 15:27", "2023-01-13 15:54", "Ida", "", "", "false", "", "Bettina Bau AG", "7312", "7312", "", "", ""],
]  # fmt: skip

_CONTACTS = [
    ["Record ID", "First Name", "Last Name", "Email", "Job Title", "Company Name", "Number of Employees", "Annual Revenue", "Industry", "Persona",
     "Buying Role", "Lifecycle Stage", "Contact owner", "Associated Company", "Associated Company IDs (Primary)"],
    ["1", "Ann", "Lee", "ann@quarry.com", "CFO", "Quarry & Sons, Inc.", "100-500", "about 1m", "building", "Owner Olga", "Budget Holder;Champion", "Customer", "Sven", "Quarry & Sons, Inc.", "7311"],
    ["2", "Jo", "Voss", "jo@nordwind.de", "CTO", "Nordwind GmbH", "50-100", "", "software", "Tech Tim", "Blocker", "Lead", "Sven", "Nordwind GmbH", "7310"],
    ["3", "Mia", "Chen", "mia@bettina.ch", "Owner", "Bettina Bau AG", "5-25", "600k", "", "", "", "Lead", "Sven", "Bettina Bau AG", "7312"],
    ["4", "Al", "Fox", "al@bigco.com", "Buyer", "BigCo", "1000+", "", "", "", "", "Lead", "Sven", "", ""],
]  # fmt: skip


def _with_column(rows, index, values):
    return [[*row[:index], value, *row[index + 1 :]] for row, value in zip(rows, values, strict=True)]


HUBSPOT = [
    ExportFile(
        "hubspot companies, labels", "all cells quoted; industry codes; the owner and the parent are not the company; Close Date is when it became a customer",
        "hubspot-crm-exports-all-companies-2026-01-31.csv", lambda: text(_COMPANIES, quote_all=True), "hubspot", "customers", _COMPANY_MEANS,
        {"account_name": ["Nordwind GmbH", "Quarry & Sons, Inc.", "Bettina Bau AG"], "industry": ["Computer Software", "Construction", "Construction"],
         "tech_stack": [["WordPress", "Nginx"], ["Nginx"], None], "closed_on": ["2023-08-20", "2022-03-05", None], "employees": [58, 120, 7]}, 3,
    ),
    ExportFile(
        "hubspot companies, internal names and values", "the exporter chose internal names and values; custom lifecycle stages are numbers",
        "hubspot-crm-exports-companies-2026-01-31.csv",
        lambda: text([
            ["hs_object_id", "name", "domain", "industry", "numberofemployees", "annualrevenue", "country", "createdate", "lifecyclestage", "hubspot_owner_id", "hs_analytics_source", "hs_employee_range"],
            ["7310", "Nordwind GmbH", "nordwind.de", "COMPUTER_SOFTWARE", "58", "6600000", "Germany", "2022-07-27", "marketingqualifiedlead", "41", "ORGANIC_SEARCH", "51-200"],
            ["7311", "Quarry Inc", "quarry.com", "CONSTRUCTION", "120", "1200000", "United States", "2022-01-10", "customer", "42", "DIRECT_TRAFFIC", "51-200"],
            ["7312", "Bettina AG", "bettina.ch", "OIL_ENERGY", "7", "", "Switzerland", "2022-01-10", "81234567", "42", "OFFLINE", "2-10"],
        ]), "hubspot", "customers",
        {"hs_object_id": "account_id", "name": "account_name", "numberofemployees": "employees", "hubspot_owner_id": "owner", "hs_employee_range": "employee_band"},
        {"lifecycle": ["Marketing Qualified Lead", "Customer", "81234567"], "lead_source": ["Organic Search", "Direct Traffic", "Offline Sources"]}, 3,
    ),
    ExportFile(
        "hubspot companies, few columns of a view", "users choose the columns: a small signature must do", "hubspot-crm-exports-view-2026-01-31.csv",
        lambda: text([["Record ID", "Company name", "Lifecycle Stage", "Country/Region"], ["7310", "Nordwind GmbH", "Customer", "Germany"], ["7311", "Quarry Inc", "Lead", "United States"]]),
        "hubspot", "customers", {"Record ID": "account_id", "Company name": "account_name", "Lifecycle Stage": "lifecycle"}, n=2,
    ),
    ExportFile(
        "hubspot companies, older id", "older exports name the id Company ID", "companies.csv",
        lambda: text([["Company ID", "Company name", "Company owner", "Create Date", "Original Source"], ["7310", "Nordwind GmbH", "Ida", "2022-07-27 09:12", "Organic Search"], ["7311", "Quarry Inc", "Ida", "2022-07-28 09:12", "Referrals"]]),
        "hubspot", "customers", {"Company ID": "account_id", "Company owner": "owner", "Original Source": "lead_source"}, n=2,
    ),
    ExportFile(
        "hubspot deals, labels", "the customer is the primary associated id; several ids in one cell; time in stage in hundreds of columns",
        "hubspot-crm-exports-all-deals-2026-01-31.csv",
        lambda: text([[*r, *[f"Custom {i}" if n == 0 else "" for i in range(300)]] for n, r in enumerate(_DEALS)], quote_all=True),
        "hubspot", "deals",
        {"Record ID": "deal_id", "Deal Name": "deal_name", "Associated Company IDs (Primary)": "account_id", "Associated Company": "account_name",
         "Deal owner": "owner", "Is Closed Won": "is_won", 'Cumulative time in "Contract Sent (Sales Pipeline)"': None},
        {"account_id": ["7310", "7311", "7312"], "is_won": [True, False, False], "is_closed": [True, True, False], "deal_id": ["0019", "0020", "0021"]}, 3,
    ),
    ExportFile(
        "hubspot deals, only the list of ids", "several ids are joined by a semicolon, the first is the primary one", "deals.csv",
        lambda: text([[r[0], r[1], r[2], r[4], r[7], r[9], r[15]] for r in _DEALS]), "hubspot", "deals",
        {"Associated Company IDs": "account_id"}, {"account_id": ["7310", "7311", "7312"]}, 3,
    ),
    ExportFile(
        "hubspot deals, internal names and values", "stages of custom pipelines are numbers; won is told by its own column", "deals-internal.csv",
        lambda: text([
            ["hs_object_id", "dealname", "dealstage", "pipeline", "amount", "deal_currency_code", "closedate", "createdate", "dealtype", "hs_is_closed_won", "closed_lost_reason"],
            ["19", "Nordwind", "closedwon", "default", "8002.8", "EUR", "2023-03-16 15:27", "2023-01-17 15:54", "newbusiness", "true", ""],
            ["20", "Quarry", "98765432", "7654321", "100", "EUR", "2023-03-11 15:27", "2023-01-13 15:54", "existingbusiness", "true", ""],
            ["21", "Bettina", "closedlost", "default", "90", "EUR", "2023-03-12 15:27", "2023-01-13 15:54", "newbusiness", "false", "Timing"],
        ]), "hubspot", "deals", {"hs_object_id": "deal_id", "dealtype": "deal_type", "hs_is_closed_won": "is_won"},
        {"stage": ["Closed Won", "98765432", "Closed Lost"], "is_won": [True, True, False], "deal_type": ["New Business", "Existing Business", "New Business"]}, 3,
    ),
    ExportFile(
        "hubspot contacts", "headcount of contacts is a range with overlapping ends; annual revenue and industry are free text; the name is in two columns",
        "hubspot-crm-exports-all-contacts-2026-01-31.csv", lambda: text(_CONTACTS), "hubspot", "contacts",
        {"Record ID": "contact_id", "Company Name": "account_name", "Number of Employees": "employee_band", "Buying Role": "buying_role", "Contact owner": None},
        {"employee_band": ["100–500", "50–100", "5–25", "1,000+"], "person_name": ["Ann Lee", "Jo Voss", "Mia Chen", "Al Fox"], "account_id": ["7311", "7310", "7312", None],
         "buying_role": [["Budget Holder", "Champion"], ["Blocker"], None, None]}, 4,
    ),
    ExportFile(
        "hubspot contacts, saved by Excel", "Excel turned the ranges into days", "contacts.csv",
        lambda: text(_with_column(_CONTACTS, 6, ["Number of Employees", "100-500", "50-100", "25-May", "1-May"])), "hubspot", "contacts",
        {"Number of Employees": "employee_band"}, {"employee_band": ["100–500", "50–100", "5–25", "1–5"]}, 4,
    ),
    ExportFile(
        "hubspot contacts, internal names", "internal names of contacts", "contacts-internal.csv",
        lambda: text([
            ["hs_object_id", "firstname", "lastname", "email", "jobtitle", "company", "numemployees", "annualrevenue", "hs_buying_role", "lifecyclestage", "associatedcompanyid", "createdate"],
            ["1", "Ann", "Lee", "ann@quarry.com", "CFO", "Quarry Inc", "100-500", "1m", "BUDGET_HOLDER;CHAMPION", "customer", "7311", "2023-01-13 15:54"],
            ["2", "Jo", "Voss", "jo@nordwind.de", "CTO", "Nordwind GmbH", "50-100", "", "BLOCKER", "lead", "7310", "2023-01-14 15:54"],
        ]), "hubspot", "contacts",
        {"hs_object_id": "contact_id", "jobtitle": "job_title", "company": "account_name", "numemployees": "employee_band", "associatedcompanyid": "account_id"},
        {"person_name": ["Ann Lee", "Jo Voss"], "lifecycle": ["Customer", "Lead"], "buying_role": [["Budget Holder", "Champion"], ["Blocker"]]}, 2,
    ),
    ExportFile(
        "hubspot deals as a workbook", "XLSX with real dates; the sheet's name is not known", "hubspot-crm-exports-all-deals-2026-01-31.xlsx",
        lambda: workbook_bytes({"all-deals": [_DEALS[0], *([*r[:4], float(r[4] or 0), float(r[5] or 0), r[6], dt.datetime(2023, 3, 16, 15, 27), dt.datetime(2023, 1, 17, 15, 54), *r[9:]] for r in _DEALS[1:])]}),
        "hubspot", "deals", {"Associated Company IDs (Primary)": "account_id"}, {"closed_on": ["2023-03-16"] * 3, "created_on": ["2023-01-17"] * 3}, 3,
    ),
    ExportFile(
        "hubspot companies in an archive", "big exports arrive zipped", "hubspot-crm-exports-all-companies-2026-01-31.zip",
        lambda: zip_bytes({"hubspot-crm-exports-all-companies-2026-01-31-1.csv": text(_COMPANIES, quote_all=True)}), "hubspot", "customers", _COMPANY_MEANS, n=3,
    ),
    ExportFile(
        "hubspot companies in German", "labels follow the user's language: no signature, the plain mapper must do", "hubspot-crm-exports-alle-unternehmen-2026-01-31.csv",
        lambda: text([
            ["Datensatz-ID", "Unternehmensname", "Domainname des Unternehmens", "Branche", "Anzahl der Mitarbeiter", "Jahresumsatz", "Stadt", "Land/Region", "Erstellungsdatum", "Lifecycle-Phase", "Zuständiger Mitarbeiter für Unternehmen"],
            *([str(7310 + i), f"Nordwind {i} GmbH", f"nordwind{i}.de", ("Bauwesen", "Einzelhandel")[i % 2], str(5 + i * 7), str(600000 + i * 1000), "Kiel", ("Deutschland", "Schweiz")[i % 2], f"2022-07-{1 + i:02d} 09:12", ("Kunde", "Lead")[i % 2], ("Ida Fuchs", "Ben Katz")[i % 2]] for i in range(25)),
        ]), None, "customers",
        {"Datensatz-ID": "account_id", "Unternehmensname": "account_name", "Domainname des Unternehmens": "domain", "Branche": "industry", "Anzahl der Mitarbeiter": "employees",
         "Jahresumsatz": "company_revenue", "Land/Region": "country", "Lifecycle-Phase": "lifecycle", "Zuständiger Mitarbeiter für Unternehmen": "owner"}, n=25,
    ),
    ExportFile(
        "hubspot deals in German", "labels follow the user's language, the associations stay English: the first of several ids is the customer", "hubspot-crm-exports-alle-deals-2026-01-31.csv",
        lambda: text([
            ["Datensatz-ID", "Deal-Name", "Deal-Phase", "Pipeline", "Betrag", "Währung", "Abschlussdatum", "Erstellungsdatum", "Zuständiger Mitarbeiter für Deal", "Associated Company IDs"],
            *([str(19 + i), f"Nordwind {i}", ("Abgeschlossen und gewonnen", "Abgeschlossen und verloren", "Angebot")[i % 3], "Vertrieb", "8002.8", "EUR", "2023-03-16 15:27", "2023-01-17 15:54", "Ida Fuchs", ("7310;7399", "7311", "7312")[i % 3]] for i in range(9)),
        ]), None, "deals",
        {"Datensatz-ID": "deal_id", "Deal-Name": "deal_name", "Deal-Phase": "stage", "Betrag": "amount", "Abschlussdatum": "closed_on", "Associated Company IDs": "account_id", "Zuständiger Mitarbeiter für Deal": "owner"},
        {"account_id": ["7310", "7311", "7312"] * 3, "is_won": [True, False, None] * 3, "is_closed": [True, True, False] * 3}, 9,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- Salesforce

_COPYRIGHT = "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
_SF_ACCOUNTS = [
    ["Account Owner", "Account Name", "Account Site", "Type", "Industry", "Employees", "Annual Revenue", "Billing Country", "Billing City", "Website", "Created Date", "Parent Account", "Last Activity"],
    ["Ann Lee", "Quarry, Inc.", "HQ", "Customer - Direct", "Construction", "120", "5000000", "USA", "Boston", "http://www.quarry.com", "11/23/2021", "", "1/5/2025"],
    ["Ann Lee", "Söhne AG", "HQ", "Prospect", "Banking", "700", "90000000", "Germany", "Köln", "soehne.de", "2/3/2022", "Söhne Holding", ""],
    ["Bo Kim", 'The "Blue" Co', "West", "Customer - Direct", "Retail", "40", "", "USA", "Reno", "blue.co", "3/14/2022", "", "1/7/2025"],
]  # fmt: skip
_SF_FOOTER = f"\n\nGrand Totals (3 records)\nMy accounts\n{_COPYRIGHT}\nConfidential Information - Do Not Distribute\nGenerated By:  Ann Lee  1/23/2026 9:03 AM\nAcme Corp\n"
_SF_OPPS = [
    ["Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Fiscal Period", "Amount Currency", "Amount", "Amount (converted) Currency", "Amount (converted)", "Probability (%)", "Age", "Close Date", "Created Date", "Next Step", "Lead Source", "Type", "Closed", "Won", "Loss Reason"],
    ["Ann", "Quarry, Inc.", "Quarry renewal", "Closed Won", "Q4-2025", "USD", "1,200.50", "EUR", "1,100.00", "100", "83", "23/11/2025", "01/09/2025", "", "Web", "Existing", "1", "1", ""],
    ["Ann", "Söhne AG", "Söhne new", "Closed Lost", "Q4-2025", "EUR", "900.00", "EUR", "900.00", "0", "41", "13/10/2025", "02/09/2025", "", "Other", "New", "1", "0", "Price"],
    ["Bo", "Blue Co", "Blue pilot", "Id. Decision Makers", "Q1-2026", "EUR", "50.00", "EUR", "50.00", "60", "10", "14/01/2026", "03/09/2025", "Call", "Web", "New", "0", "0", ""],
]  # fmt: skip


def _sf_formatted() -> bytes:
    return workbook_bytes({"Opportunities by owner": [
        [], [None, "Opportunities by owner"], [None, "As of 2026-11-23 09:03:00 GMT • Generated by Ann Lee • Sorted by Opportunity Owner (Ascending)"], [],
        [None, "Filtered By"], [None, "Show: All opportunities"], [None, "Opportunity Status equals Any"], [],
        [None, "Opportunity Owner  ↑", None, "Account Name", "Opportunity Name", "Stage", "Amount", "Close Date"],
        [None, "Ann Lee", None, "Quarry, Inc.", "Quarry renewal", "Closed Won", 1200.5, dt.datetime(2025, 11, 23)],
        [None, None, None, "Söhne AG", "Söhne new", "Closed Lost", 300.5, dt.datetime(2025, 10, 13)],
        [None, "Subtotal", None, None, None, "Sum", 1501], [None, None, None, None, None, "Count", 2],
        [None, "Bo Kim", None, "Blue Co", "Blue pilot", "Prospecting", 80, dt.datetime(2026, 1, 14)],
        [None, "Subtotal", None, None, None, "Sum", 80], [None, None, None, None, None, "Count", 1],
        [None, "Total", None, None, None, "Sum", 1581], [None, None, None, None, None, "Count", 3], [],
        [None, _COPYRIGHT], [None, "Confidential Information - Do Not Distribute"], [None, "Acme Corp"],
    ]})  # fmt: skip


_MATRIX = [
    ["Stage →", "Closed Won", "", "Closed Lost", "", "Total", ""],
    ["Industry ↑", "Sum of Amount", "Record Count", "Sum of Amount", "Record Count", "Sum of Amount", "Record Count"],
    ["Banking", "100", "2", "30", "1", "130", "3"], ["Retail", "50", "1", "10", "1", "60", "2"], ["Total", "150", "3", "40", "2", "190", "5"],
]  # fmt: skip

SALESFORCE = [
    ExportFile(
        "salesforce account report", "every value quoted, a footer after the data; owner, parent and site are not the account", "report1767225600000.csv",
        lambda: text(_SF_ACCOUNTS, quote_all=True, end="\n", encoding="latin-1", after=_SF_FOOTER), "salesforce", "customers",
        {"Account Owner": "owner", "Account Name": "account_name", "Account Site": None, "Employees": "employees", "Website": "domain", "Parent Account": "parent_account"},
        {"account_name": ["Quarry, Inc.", "Söhne AG", 'The "Blue" Co'], "created_on": ["2021-11-23", "2022-02-03", "2022-03-14"], "domain": ["quarry.com", "soehne.de", "blue.co"]}, 3,
        says=("Grand Totals (3 records)",),
    ),
    ExportFile(
        "salesforce opportunity report", "amount and currency in pairs, converted ones beside them; days day first; check boxes 1 and 0", "report1767225600001.csv",
        lambda: text(_SF_OPPS, quote_all=True, end="\n"), "salesforce", "deals",
        {"Opportunity Name": "deal_name", "Account Name": "account_name", "Won": "is_won", "Closed": "is_closed", "Loss Reason": "lost_reason", "Opportunity Owner": "owner"},
        {"closed_on": ["2025-11-23", "2025-10-13", "2026-01-14"], "is_won": [True, False, False], "is_closed": [True, True, False], "probability": [1.0, 0.0, 0.6], "currency": ["USD", "EUR", "EUR"], "amount": [1200.5, 900, 50]}, 3,
    ),
    ExportFile(
        "salesforce formatted report", "title block, filters, spacer columns, an arrow on the header, subtotals and counts between rows, groups written once",
        "Opportunities by owner-2026-11-23-09-03-00.xlsx", _sf_formatted, "salesforce", "deals",
        {"Opportunity Owner": "owner", "Opportunity Name": "deal_name"},
        {"owner": ["Ann Lee", "Ann Lee", "Bo Kim"], "amount": [1200.5, 300.5, 80], "closed_on": ["2025-11-23", "2025-10-13", "2026-01-14"]}, 3,
    ),
    ExportFile("salesforce matrix report", "holds sums, not records", "Revenue by stage.xlsx", lambda: workbook_bytes({"Matrix": [["Revenue by stage"], [], *_MATRIX]}), refused="matrix report", tables=None),
    ExportFile("salesforce matrix report, saved as text", "holds sums, not records", "report1767225600009.csv", lambda: text(_MATRIX), refused="matrix report", tables=None),
    ExportFile(
        "salesforce summary report", "one heading with an arrow beside sums: no records", "report1767225600010.csv",
        lambda: text([["Account Owner  ↑", "Stage →", "Sum of Amount", "Record Count"], ["Ann", "Closed Won", "100", "3"], ["Bo", "Closed Lost", "10", "1"]]), refused="matrix report", tables=None,
    ),
    ExportFile(
        "salesforce data loader", "upper-case names of the interface, moments with Z, ids that differ by case only, deleted rows", "extract.csv",
        lambda: text([
            ["ID", "ISDELETED", "NAME", "BILLINGCOUNTRY", "NUMBEROFEMPLOYEES", "ANNUALREVENUE", "INDUSTRY", "OWNERID", "CREATEDDATE", "REGION__C"],
            ["0015g00000AbCdE", "false", "Quarry Inc", "USA", "120", "5000000", "Retail", "0055g0000012345", "2021-03-01T10:15:30.000Z", "East"],
            ["0015g00000AbCde", "false", "Blue Co", "USA", "12", "", "Retail", "0055g0000012345", "2021-03-02T10:15:30.000+0000", "West"],
            ["0015g00000AbCdF", "true", "Old Corp", "USA", "10", "1", "Retail", "0055g0000012345", "2021-03-01T10:15:30.000Z", "East"],
        ], quote_all=True), "salesforce", "customers", {"ID": "account_id", "NAME": "account_name", "NUMBEROFEMPLOYEES": "employees", "OWNERID": "owner", "REGION__C": None},
        {"account_id": ["0015g00000AbCdE", "0015g00000AbCde"], "created_on": ["2021-03-01", "2021-03-02"]}, 2,
    ),
    ExportFile(
        "salesforce data loader, opportunities", "dotted names of related records", "Opportunity.csv",
        lambda: text([
            ["ID", "ACCOUNTID", "ACCOUNT.NAME", "NAME", "STAGENAME", "AMOUNT", "PROBABILITY", "CLOSEDATE", "TYPE", "LEADSOURCE", "ISCLOSED", "ISWON", "OWNERID", "CREATEDDATE", "LOSS_REASON__C"],
            ["0065g00000AbCdE", "0015g00000AbCdE", "Quarry Inc", "Quarry renewal", "Closed Won", "1200.5", "100", "2021-03-31", "Existing", "Web", "true", "true", "0055g01", "2021-03-01T10:15:30.000Z", ""],
            ["0065g00000AbCdF", "0015g00000AbCde", "Blue Co", "Blue pilot", "Closed Lost", "80", "0", "2021-04-30", "New", "Other", "true", "false", "0055g01", "2021-03-02T10:15:30.000Z", "Price"],
        ], quote_all=True), "salesforce", "deals", {"ID": "deal_id", "ACCOUNTID": "account_id", "ACCOUNT.NAME": "account_name", "ISWON": "is_won", "STAGENAME": "stage", "LOSS_REASON__C": "lost_reason"},
        {"is_won": [True, False], "created_on": ["2021-03-01", "2021-03-02"]}, 2,
    ),
    ExportFile(
        "salesforce weekly export", "mixed-case names of the interface", "Account.csv",
        lambda: text([["Id", "IsDeleted", "Name", "Type", "BillingCountry", "Industry", "NumberOfEmployees", "AnnualRevenue", "Website", "OwnerId", "CreatedDate"],
                      ["0015g00000AbCdE", "false", "Quarry Inc", "Customer", "USA", "Retail", "120", "5000000", "quarry.com", "0055g01", "2021-03-01T10:15:30.000Z"],
                      ["0015g00000AbCdF", "false", "Blue Co", "Customer", "USA", "Retail", "12", "", "blue.co", "0055g01", "2021-03-02T10:15:30.000Z"]], quote_all=True),
        "salesforce", "customers", {"Id": "account_id", "Name": "account_name", "NumberOfEmployees": "employees", "BillingCountry": "country"}, n=2,
    ),
    ExportFile(
        "salesforce report, web page named xls", "the .xls of a report is a web page", "report1767225600002.xls",
        lambda: ("<html><head><meta http-equiv='Content-Type' content='text/html; charset=ISO-8859-1'></head><body><table border=1><tr>" + "".join(f"<th>{h}</th>" for h in _SF_ACCOUNTS[0]) + "</tr>"
                 + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in _SF_ACCOUNTS[1:]) + f"</table><br>Grand Totals (3 records)<br>{_COPYRIGHT}</body></html>").encode("latin-1"),
        "salesforce", "customers", {"Account Owner": "owner", "Account Name": "account_name", "Parent Account": "parent_account"}, {"account_name": ["Quarry, Inc.", "Söhne AG", 'The "Blue" Co']}, 3,
    ),
    ExportFile(
        "salesforce contact report", "the account's name is not the person's", "report1767225600003.csv",
        lambda: text([["Salutation", "First Name", "Last Name", "Title", "Account Name", "Mailing City", "Mailing Country", "Phone", "Email", "Account Owner", "Lead Source"],
                      ["Ms.", "Ann", "Lee", "CFO", "Quarry, Inc.", "Boston", "USA", "555 1234", "ann@quarry.com", "Bo Kim", "Web"],
                      ["Mr.", "Jo", "Voss", "CTO", "Söhne AG", "Köln", "Germany", "", "jo@soehne.de", "Bo Kim", "Other"]], quote_all=True, end="\n"),
        "salesforce", "contacts", {"Title": "job_title", "Account Name": "account_name", "Email": "email", "Account Owner": None, "Mailing Country": "country"}, {"person_name": ["Ann Lee", "Jo Voss"]}, 2,
    ),
    ExportFile(
        "salesforce opportunity workbook, share of winning as a percent cell", "Probability 0.6 in a workbook is 60 %", "Pipeline.xlsx",
        lambda: workbook_bytes({"Pipeline": [["Opportunity Name", "Account Name", "Stage", "Amount", "Probability (%)", "Close Date", "Created Date"],
                                             ["A", "Quarry", "Closed Won", 10, 1.0, dt.datetime(2025, 1, 2), dt.datetime(2024, 1, 2)], ["B", "Blue", "Prospecting", 20, 0.6, dt.datetime(2025, 2, 2), dt.datetime(2024, 2, 2)]]}),
        "salesforce", "deals", {"Opportunity Name": "deal_name"}, {"probability": [1.0, 0.6]}, 2,
    ),
    ExportFile(
        "salesforce opportunities with fields of the account", "a report may show what is known of the account beside each opportunity", "report1738318900000.csv",
        lambda: text([
            ["Opportunity Owner", "Account Name", "Industry", "Employees", "Billing Country", "Opportunity Name", "Stage", "Amount", "Close Date"],
            ["Ann", "Quarry, Inc.", "Construction", "120", "USA", "Renewal", "Closed Won", "1,200.50", "11/23/2025"],
            ["Bo", "Blue Co", "Retail", "40", "USA", "Pilot", "Closed Lost", "50.00", "11/24/2025"],
        ], quote_all=True), "salesforce", "deals", {"Industry": "industry", "Employees": "employees", "Billing Country": "country", "Account Name": "account_name"},
        {"industry": ["Construction", "Retail"], "employees": [120, 40], "is_won": [True, False]}, 2,
    ),
    ExportFile(
        "salesforce contacts, Data Loader", "API names in capitals; deleted people are none", "extract_contacts.csv",
        lambda: text([
            ["ID", "ISDELETED", "ACCOUNTID", "LASTNAME", "FIRSTNAME", "EMAIL", "TITLE", "MAILINGCOUNTRY", "OWNERID"],
            ["0035g00000AbCdEAA1", "false", "0015g00000AbCdEAA1", "Lee", "Ann", "ann@quarry.com", "CFO", "USA", "0055g"],
            ["0035g00000AbCdEAA2", "true", "0015g00000AbCdEAA1", "Voss", "Jo", "jo@quarry.com", "CTO", "USA", "0055g"],
        ], quote_all=True), "salesforce", "contacts", {"ID": "contact_id", "ACCOUNTID": "account_id", "TITLE": "job_title", "OWNERID": None},
        {"person_name": ["Ann Lee"]}, 1,
    ),
    ExportFile(
        "salesforce summary report as a workbook", "sums by group under one heading: no records", "Pipeline by industry-2026-01-31.xlsx",
        lambda: workbook_bytes({"Pipeline by industry": [["Industry  ↑", "Sum of Amount", "Record Count"], ["Banking", 100, 2], ["Retail", 50, 1], ["Total", 150, 3]]}),
        refused="summary report",
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- Pipedrive

_PD_DEALS = [
    ["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Currency of value", "Deal - Organization", "Deal - Contact person", "Deal - Owner", "Deal - Creator", "Deal - Stage", "Deal - Pipeline", "Deal - Status", "Deal - Probability",
     "Deal - Deal created", "Deal - Update time", "Deal - Expected close date", "Deal - Won time", "Deal - Lost time", "Deal - Deal closed on", "Deal - Lost reason", "Deal - Label", "Organization - Country of Address", "Person - Email - Work", "Person - Email - Home"],
    ["1", "Quarry deal", "25000", "EUR", "Quarry Inc", "Ann Lee", "Sven", "Sven", "Negotiations", "Main", "Won", "", "2026-01-30 15:55:37", "2026-03-01 10:00:00", "2026-04-30", "2026-03-01 10:00:00", "", "2026-03-01 10:00:00", "", "Hot", "United States", "ann@quarry.com, ann.lee@home.net", ""],
    ["2", "Blue deal", "£1,250.50", "GBP", "Blue Co", "Jo", "Sven", "Ida", "Negotiations", "Main", "Lost", "", "2026-01-12 15:55:37", "2026-02-02 09:00:00", "2026-04-15", "", "2026-02-02 09:00:00", "2026-02-02 09:00:00", "Price", "", "United Kingdom", "jo@blue.co", ""],
    ["3", "Gamma", "10", "EUR", "Gamma", "Al", "Sven", "Ida", "Lead In", "Main", "Open", "", "2026-02-12 15:55:37", "2026-02-12 15:55:37", "2026-05-13", "", "", "", "", "", "", "", ""],
]  # fmt: skip

PIPEDRIVE = [
    ExportFile(
        "pipedrive deals, mixed entities", "one list mixes deals, organisations and people; lost deals keep an ordinary stage; addresses joined by a comma", "deals-1234-56.csv",
        lambda: text(_PD_DEALS), "pipedrive", "deals",
        {"Deal - Title": "deal_name", "Deal - Organization": "account_name", "Deal - Status": "status", "Deal - Owner": "owner", "Deal - Deal closed on": "closed_on", "Deal - Expected close date": "expected_close_on", "Deal - Creator": None},
        {"is_won": [True, False, None], "closed_on": ["2026-03-01", "2026-02-02", None], "amount": [25000, 1250.5, 10], "email": ["ann@quarry.com", "jo@blue.co", None], "account_name": ["Quarry Inc", "Blue Co", "Gamma"]}, 3,
    ),
    ExportFile(
        "pipedrive deals as a workbook", "days are serial numbers", "deals-1234-57.xlsx",
        lambda: workbook_bytes({"deals": [["Deal - Title", "Deal - Value", "Deal - Status", "Deal - Organization", "Deal - Deal created", "Deal - Won time"], ["A", 10, "Won", "Quarry Inc", 45384.3479, 45400.5], ["B", 20, "Lost", "Blue Co", 45400, None]]}),
        "pipedrive", "deals", {"Deal - Deal created": "created_on"}, {"created_on": ["2024-04-02", "2024-04-18"], "closed_on": ["2024-04-18", None]}, 2,
    ),
    ExportFile(
        "pipedrive deals, template", "headings of templates: stars, Creation date, Pipedrive System ID", "import-template.csv",
        lambda: text([["Deal - Pipedrive System ID", "Deal - Title*", "Deal - Value", "Deal - Organization", "Deal - Creation date", "Deal - Status", "Deal - Closed on"], ["7", "A", "10", "Quarry Inc", "2024-04-02", "Won", "2024-05-02"], ["8", "B", "20", "Blue Co", "2024-04-18", "Open", ""]]),
        "pipedrive", "deals", {"Deal - Pipedrive System ID": "deal_id", "Deal - Title*": "deal_name", "Deal - Creation date": "created_on", "Deal - Closed on": "closed_on"}, n=2,
    ),
    ExportFile(
        "pipedrive organisations", "owner, people and parent are not the organisation; places in words of their own", "organizations-1234-58.csv",
        lambda: text([
            ["Organization - Name", "Organization - Street/road name of Company Address", "Organization - Owner", "Organization - People", "Organization - ZIP/Postal code of Company Address", "Organization - Open deals",
             "Organization - Full/combined address of Company Address", "Organization - Last activity date", "Organization - Parent", "Organization - City/town/village/locality of Company Address", "Organization - Organization created",
             "Organization - Closed deals", "Organization - Lost deals", "Organization - Won deals", "Organization - Country of Company Address"],
            ["Quarry Inc", "Main St", "Sven", "2", "02110", "0", "1 Main St, Boston, MA 02110, USA", "2026-02-01", "Quarry Holding", "Boston", "2026-01-30 15:55:37", "1", "0", "1", "United States"],
            ["Bettina AG", "Gasse", "Sven", "1", "8001", "1", "Gasse 2, Zürich", "", "", "Zürich", "2026-01-30 15:55:37", "0", "0", "0", "Switzerland"],
        ]), "pipedrive", "customers", {"Organization - Name": "account_name", "Organization - Owner": "owner", "Organization - Parent": "parent_account", "Organization - City/town/village/locality of Company Address": "city", "Organization - Country of Company Address": "country"},
        {"account_name": ["Quarry Inc", "Bettina AG"], "postal_code": ["02110", "8001"]}, 2,
    ),
    ExportFile(
        "pipedrive organisations, British", "Organisation with an s", "organisations.csv",
        lambda: text([["Organisation - Name", "Organisation - Owner", "Organisation - Label", "Organisation - Organisation created", "Organisation - ID"], ["Quarry Ltd", "Sven", "Customer", "2026-01-30 15:55:37", "11"], ["Blue Ltd", "Sven", "", "2026-01-31 15:55:37", "12"]]),
        "pipedrive", "customers", {"Organisation - Name": "account_name", "Organisation - Owner": "owner", "Organisation - ID": "account_id", "Organisation - Organisation created": "created_on"}, n=2,
    ),
    ExportFile(
        "pipedrive people", "e-mail split by sort of address", "people-1234-59.csv",
        lambda: text([["Person - Name", "Person - Organization", "Person - Job title", "Person - Email - Work", "Person - Email - Home", "Person - Email - Other", "Person - Owner", "Person - Phone - Work"], ["Ann Lee", "Quarry Inc", "CFO", "ann@quarry.com", "", "", "Sven", "'+49 30 1234"], ["Jo Voss", "Blue Co", "CTO", "", "jo@home.net", "", "Sven", ""]]),
        "pipedrive", "contacts", {"Person - Name": "person_name", "Person - Organization": "account_name", "Person - Owner": None}, {"email": ["ann@quarry.com", "jo@home.net"]}, 2,
    ),
    ExportFile(
        "pipedrive deals with fields of the organisation", "own fields show their label after the entity; the organisation's tell of the account", "deals-1234-60.csv",
        lambda: text([["Deal - Title", "Deal - Status", "Deal - Organisation", "Organisation - Sector", "Organisation - Headcount", "Organisation - Country of Address", "Deal - Value"], ["A", "Won", "Quarry Ltd", "Retail", "12", "United Kingdom", "10"], ["B", "Lost", "Blue Ltd", "Banking", "900", "Ireland", "20"]]),
        "pipedrive", "deals", {"Organisation - Sector": "industry", "Organisation - Headcount": "employees", "Organisation - Country of Address": "country"}, {"employees": [12, 900]}, 2,
    ),
    ExportFile(
        "pipedrive deals in French", "the language of the user names entity and fields", "affaires-1234-61.csv",
        lambda: text([["Affaire - Titre", "Affaire - Valeur", "Affaire - Devise", "Affaire - Organisation", "Affaire - Propriétaire", "Affaire - Étape", "Affaire - Statut", "Affaire - Date de création", "Affaire - Motif de perte"], ["A", "10", "EUR", "Carrière SA", "Ida", "Proposition", "Gagnée", "2026-01-30 15:55:37", ""], ["B", "20", "EUR", "Bleu SARL", "Ida", "Proposition", "Perdue", "2026-01-30 15:55:37", "Prix"], ["C", "30", "EUR", "Bleu SARL", "Ida", "Proposition", "Ouverte", "2026-01-30 15:55:37", ""]]),
        "pipedrive", "deals", {"Affaire - Titre": "deal_name", "Affaire - Valeur": "amount", "Affaire - Organisation": "account_name", "Affaire - Étape": "stage", "Affaire - Statut": "status", "Affaire - Motif de perte": "lost_reason"},
        {"is_won": [True, False, None], "is_closed": [True, True, False]}, 3,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- Zoho

ZOHO = [
    ExportFile(
        "zoho accounts", "pairs of name and .id; Record Id with a small d", "Accounts_2026_01_31.csv",
        lambda: text([
            ["Record Id", "Account Owner.id", "Account Owner", "Rating", "Account Name", "Phone", "Account Site", "Parent Account.id", "Parent Account", "Website", "Ticker Symbol", "Account Type", "Ownership", "Industry", "Employees", "Annual Revenue", "Created By.id", "Created By", "Created Time", "Modified Time", "Billing City", "Billing Country", "Tag"],
            ["zcrm_4711", "zcrm_1", "Ann Lee", "Active", "Quarry Inc", "555", "HQ", "zcrm_9", "Quarry Holding", "www.quarry.com", "", "Customer", "Private", "Construction", "120", "500000", "zcrm_1", "Ann Lee", "2023-05-05 10:11:12", "2024-05-05 10:11:12", "Boston", "USA", ""],
            ["zcrm_4712", "zcrm_1", "Ann Lee", "", "Bettina AG", "", "", "", "", "bettina.ch", "", "Partner", "", "Banking", "12", "", "zcrm_1", "Ann Lee", "2023-05-06 10:11:12", "", "Zürich", "Switzerland", ""],
        ], quote_all=True), "zoho", "customers", {"Record Id": "account_id", "Account Owner": "owner", "Account Owner.id": None, "Account Name": "account_name", "Parent Account.id": None, "Parent Account": "parent_account", "Created By": None, "Account Site": None},
        {"account_id": ["zcrm_4711", "zcrm_4712"], "created_on": ["2023-05-05", "2023-05-06"]}, 2,
    ),
    ExportFile(
        "zoho accounts, newer layout", "billing address in parts with a dash", "Accounts.csv",
        lambda: text([["Record Id", "Account Owner.id", "Account Owner", "Account Name", "Website", "Industry", "Employees", "Billing Address - City", "Billing Address - State / Province", "Billing Address - Country / Region", "Created Time"], ["zcrm_4711", "zcrm_1", "Ann", "Quarry Inc", "quarry.com", "Retail", "12", "Boston", "MA", "United States", "2023-05-05 10:11:12"], ["zcrm_4712", "zcrm_1", "Ann", "Blue Co", "blue.co", "Retail", "7", "Bern", "", "Switzerland", "2023-05-06 10:11:12"]]),
        "zoho", "customers", {"Billing Address - City": "city", "Billing Address - Country / Region": "country", "Account Owner": "owner"}, n=2,
    ),
    ExportFile(
        "zoho accounts, from analytics", "lookup names doubled in brackets", "Accounts (Analytics).csv",
        lambda: text([["Id", "Account Owner(Account Owner).id", "Account Owner(Account Owner)", "Account Name", "Industry", "Employees", "Created By(Created By).id", "Created Time"], ["4711", "1", "Ann", "Quarry Inc", "Retail", "12", "1", "2023-05-05 10:11:12"], ["4712", "1", "Ann", "Blue Co", "Retail", "7", "1", "2023-05-06 10:11:12"]]),
        "zoho", "customers", {"Account Name": "account_name", "Account Owner(Account Owner).id": None, "Account Owner(Account Owner)": "owner", "Id": "account_id"}, n=2,
    ),
    ExportFile(
        "zoho deals", "the account's id stands beside its name", "Deals_2026_01_31.csv",
        lambda: text([["Record Id", "Deal Owner.id", "Deal Owner", "Amount", "Deal Name", "Closing Date", "Account Name.id", "Account Name", "Stage", "Type", "Probability (%)", "Expected Revenue", "Lead Source", "Reason For Loss", "Created Time"],
                      ["zcrm_1", "zcrm_8", "Ann", "1200", "Quarry renewal", "2024-01-31", "zcrm_4711", "Quarry Inc", "Closed Won", "Existing Business", "100", "1200", "Web", "", "2023-11-05 10:11:12"],
                      ["zcrm_2", "zcrm_8", "Ann", "700", "Blue new", "2024-02-28", "zcrm_4712", "Blue Co", "Closed Lost", "New Business", "0", "0", "Web", "Price", "2023-12-05 10:11:12"]]),
        "zoho", "deals", {"Record Id": "deal_id", "Account Name.id": "account_id", "Account Name": "account_name", "Reason For Loss": "lost_reason", "Closing Date": "closed_on", "Deal Owner": "owner"}, {"is_won": [True, False], "probability": [1.0, 0.0]}, 2,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- Dynamics 365


def _dynamics(sheet: str, rows: list[list[object]]) -> bytes:
    def hide(book):
        for letter in "ABC":
            book[sheet].column_dimensions[letter].hidden = True
        book["hiddenSheet"].sheet_state = "veryHidden"

    return workbook_bytes(
        {"hiddenSheet": [["account:kMrbw4==:checksum", "x"], ["1", "y"]], sheet: rows}, prepare=hide
    )


DYNAMICS = [
    ExportFile(
        "dynamics accounts", "hiddenSheet first, three hidden columns, ids in braces, related fields with suffixes", "Active Accounts 1-31-2026 9-03-00 AM.xlsx",
        lambda: _dynamics("Active Accounts", [
            ["(Do Not Modify) Account", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Account Name", "Main Phone", "Address 1: City", "Address 1: Country/Region", "Primary Contact", "Email (Primary Contact) (Contact)", "Owner", "Industry", "No. of Employees", "Annual Revenue", "Currency", "Relationship Type", "Status", "Created On"],
            ["{AAAA1111-BBBB-2222-CCCC-333344445555}", "x1Y/", dt.datetime(2024, 1, 1, 3, 4), "Quarry Inc", "555-123 4567", "Boston", "United States", "Ann Lee", "ann@quarry.com", "Sven", "Construction", 120, 5000000, "US Dollar", "Customer", "Active", dt.datetime(2020, 5, 1, 8, 0)],
            ["AAAA1111-BBBB-2222-CCCC-333344445556", "x1Z/", dt.datetime(2024, 1, 1, 3, 4), "Bettina AG", None, "Zürich", "Switzerland", "Jo Voss", "jo@bettina.ch", "Sven", "Banking", 12, None, "Euro", "Prospect", "Active", dt.datetime(2020, 6, 1, 8, 0)],
        ]), "dynamics", "customers",
        {"(Do Not Modify) Account": "account_id", "(Do Not Modify) Row Checksum": None, "(Do Not Modify) Modified On": None, "No. of Employees": "employees", "Email (Primary Contact) (Contact)": "email", "Owner": "owner", "Primary Contact": "person_name"},
        {"account_name": ["Quarry Inc", "Bettina AG"], "currency": ["USD", "EUR"], "created_on": ["2020-05-01", "2020-06-01"]}, 2, tables=None,
    ),
    ExportFile(
        "dynamics opportunities", "won, out-sold and canceled are status reasons", "My Open Opportunities 1-31-2026.xlsx",
        lambda: _dynamics("All Opportunities", [
            ["(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Topic", "Potential Customer", "Est. Revenue", "Actual Revenue", "Est. Close Date", "Actual Close Date", "Status", "Status Reason", "Probability", "Rating", "Originating Lead", "Created On"],
            ["AAAA1111-BBBB-2222-CCCC-333344445577", "x", dt.datetime(2024, 1, 1), "New plant", "Quarry Inc", 1000, 1200, dt.datetime(2024, 3, 1), dt.datetime(2024, 3, 5), "Won", "Won", 100, "Hot", None, dt.datetime(2023, 12, 1)],
            ["AAAA1111-BBBB-2222-CCCC-333344445578", "x", dt.datetime(2024, 1, 1), "Old plant", "Bettina AG", 700, None, dt.datetime(2024, 3, 1), dt.datetime(2024, 2, 5), "Lost", "Out-Sold", 0, "Cold", None, dt.datetime(2023, 12, 2)],
            ["AAAA1111-BBBB-2222-CCCC-333344445579", "x", dt.datetime(2024, 1, 1), "Next plant", "Gamma", 50, None, dt.datetime(2024, 9, 1), None, "Open", "In Progress", 20, "Warm", None, dt.datetime(2023, 12, 3)],
        ]), "dynamics", "deals", {"(Do Not Modify) Opportunity": "deal_id", "Topic": "deal_name", "Potential Customer": "account_name", "Actual Close Date": "closed_on"}, {"is_won": [True, False, None], "amount": [1200, 700, 50]}, 3, tables=None,
    ),
    ExportFile(
        "dynamics accounts, logical names", "names of the interface instead of labels", "accounts.csv",
        lambda: text([["accountid", "name", "websiteurl", "numberofemployees", "revenue", "industrycode", "address1_city", "address1_country", "ownerid", "statecode", "createdon"], ["aaaa1111-bbbb-2222-cccc-333344445555", "Quarry Inc", "https://www.quarry.com", "120", "5000000", "Construction", "Boston", "United States", "Sven", "Active", "2020-05-01T08:00:00Z"], ["aaaa1111-bbbb-2222-cccc-333344445556", "Bettina AG", "https://bettina.ch", "12", "", "Banking", "Zürich", "Switzerland", "Sven", "Active", "2020-06-01T08:00:00Z"]]),
        "dynamics", "customers", {"accountid": "account_id", "name": "account_name", "websiteurl": "domain", "numberofemployees": "employees", "revenue": "company_revenue", "address1_country": "country", "ownerid": "owner"}, n=2,
    ),
    ExportFile(
        "dynamics accounts without technical columns", "somebody deleted the hidden columns; currencies stand there by name", "Active Accounts.csv",
        lambda: text([["Account Name", "Website", "Email (Primary Contact) (Contact)", "Industry", "No. of Employees", "Annual Revenue", "Currency", "Address 1: City", "Address 1: Country/Region", "Status Reason"], ["Quarry AG", "https://quarry.ch", "ann@quarry.ch", "Construction", "120", "5000000", "Swiss Franc", "Bern", "Switzerland", "Active"], ["Blau GmbH", "https://blau.de", "jo@blau.de", "Banking", "12", "90000", "Euro", "Kiel", "Germany", "Active"]]),
        "dynamics", "customers", {"Address 1: City": "city", "Address 1: Country/Region": "country", "No. of Employees": "employees", "Status Reason": None}, {"currency": ["CHF", "EUR"]}, 2,
    ),
    ExportFile(
        "dynamics opportunities with reasons of their own", "Status tells won and lost, its reason may say anything", "Closed Opportunities.csv",
        lambda: text([["Topic", "Potential Customer", "Actual Revenue", "Actual Close Date", "Status", "Status Reason"], ["A", "Quarry AG", "900", "2025-04-01", "Won", "Renewed early"], ["B", "Blau GmbH", "0", "2025-04-02", "Lost", "Price too high"]]),
        "dynamics", "deals", {"Status": "status", "Status Reason": None, "Potential Customer": "account_name"}, {"is_won": [True, False]}, 2,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- Close, Freshsales

CLOSE = [
    ExportFile(
        "close leads", "snake case; fields of one's own with custom., users with .name", "Close leads 2026-01-31.csv",
        lambda: text([
            ["id", "lead_name", "display_name", "description", "url", "status_id", "status_label", "primary_contact_name", "primary_contact_first_name", "primary_contact_title", "primary_contact_primary_email", "primary_contact_primary_phone", "num_calls", "num_emails", "last_activity_date", "custom.Industry", "custom.Account Manager.name", "custom.Account Manager.id", "date_created"],
            ["lead_a1", "Quarry Inc", "Quarry Inc", "", "https://www.quarry.com", "stat_1", "Customer", "Ann Lee", "Ann", "CFO", "ann@quarry.com", "+15551234", "3", "12", "2026-01-20", "Construction", "Sven", "user_1", "2024-01-20T10:00:00+00:00"],
            ["lead_a2", "Bettina AG", "Bettina AG", "", "https://bettina.ch", "stat_2", "Potential", "Jo Voss", "Jo", "CTO", "jo@bettina.ch", "", "0", "2", "", "Banking", "Sven", "user_1", "2024-02-20T10:00:00+00:00"],
        ]), "close", "customers", {"id": "account_id", "lead_name": "account_name", "url": "domain", "status_label": "lifecycle", "primary_contact_primary_email": "email", "custom.Industry": "industry", "custom.Account Manager.id": None, "display_name": None}, n=2,
    ),
    ExportFile(
        "close opportunities", "won and lost by status_type; values per period", "Close opportunities 2026-01-31.csv",
        lambda: text([
            ["id", "lead_id", "lead_name", "status_label", "status_type", "value", "value_period", "value_currency", "confidence", "date_created", "date_won", "date_lost", "user_name"],
            ["oppo_1", "lead_a1", "Quarry Inc", "Won", "won", "1200", "annual", "USD", "100", "2024-01-20", "2024-03-01", "", "Sven"],
            ["oppo_2", "lead_a2", "Bettina AG", "No budget", "lost", "300", "monthly", "USD", "0", "2024-01-21", "", "2024-02-01", "Sven"],
            ["oppo_3", "lead_a3", "Gamma", "Demo", "active", "50", "one_time", "USD", "40", "2024-01-22", "", "", "Sven"],
        ]), "close", "deals", {"id": "deal_id", "lead_id": "account_id", "lead_name": "account_name", "value": "amount", "value_currency": "currency"}, {"is_won": [True, False, None], "closed_on": ["2024-03-01", "2024-02-01", None]}, 3,
    ),
    ExportFile(
        "freshsales accounts", "no known signature: the plain mapper must do; the parent's id is not the account's", "accounts.csv",
        lambda: text([["Id", "Name", "Parent account id", "Website", "Phone"], *([str(400 + i), f"Quarry {i} Inc", "", f"https://quarry{i}.com", f"555 12{i:02d}"] for i in range(12))]),
        None, "customers", {"Id": "account_id", "Name": "account_name", "Website": "domain", "Phone": "phone", "Parent account id": "parent_account"}, n=12,
    ),
    ExportFile(
        "close leads, few columns", "two fields of one's own are the signature; their labels are read like any heading", "Close leads.csv",
        lambda: text([["lead_name", "custom.Vertical", "custom.Team size", "custom.Account Owner", "custom.Account Owner.name"], ["Quarry Inc", "Construction", "51-200", "user_1", "Sven"], ["Bettina AG", "Banking", "2-10", "user_1", "Sven"]]),
        "close", "customers", {"lead_name": "account_name", "custom.Vertical": "industry", "custom.Team size": "employee_band", "custom.Account Owner.name": "owner", "custom.Account Owner": None}, {"employee_band": ["51–200", "2–10"]}, 2,
    ),
]  # fmt: skip

FILES = [*HUBSPOT, *SALESFORCE, *PIPEDRIVE, *ZOHO, *DYNAMICS, *CLOSE]
