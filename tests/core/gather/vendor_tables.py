"""One small export per vendor, typed from what is known of their layouts: headings, rows, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from icp_core.gather.raw_table import RawTable
from tests.core.gather.tables import raw_table


@dataclass(frozen=True)
class Export:
    """A vendor's table: what it should be recognised as and what some of its headings mean."""

    name: str
    vendor: str | None
    kind: str
    columns: list[str]
    rows: list[list[str]]
    means: dict[str, str | None]
    header: list[list[str]] = field(default_factory=list)

    def table(self) -> RawTable:
        return raw_table(self.columns, self.rows, header=self.header)


EXPORTS = [
    Export(
        "hubspot companies", "hubspot", "customers",
        ["Record ID", "Company name", "Company Domain Name", "Industry", "Number of Employees", "Annual Revenue", "Country/Region",
         "Company owner", "Create Date", "Close Date", "Lifecycle Stage", "Original Traffic Source", "Web Technologies",
         "Parent Company", "Associated Contact IDs", "Fleet size"],
        [["7310", "Nordwind GmbH", "nordwind.de", "Computer Software", "58", "6600000", "Germany", "Aoife Kinsella", "2022-07-27 09:12",
          "2023-08-20 10:00", "Customer", "Organic Search", "WordPress;Nginx", "Nordwind Holding", "1;2", "12"],
         ["7311", "Acme Inc", "acme.com", "Construction", "120", "1200000", "United States", "Sven Ohlendiek", "2022-01-10 09:12",
          "", "Lead", "Referrals", "Nginx;Slack", "", "3", "3"],
         ["7312", "Beta AG", "beta.ch", "Construction", "7", "", "Switzerland", "Sven Ohlendiek", "2021-01-10 09:12", "", "Opportunity",
          "Direct Traffic", "Slack", "", "", ""]],
        {"Record ID": "account_id", "Company owner": "owner", "Close Date": "closed_on", "Web Technologies": "tech_stack",
         "Parent Company": "parent_account", "Company Domain Name": "domain", "Fleet size": None},
    ),
    Export(
        "hubspot companies, internal names and values", "hubspot", "customers",
        ["hs_object_id", "name", "domain", "industry", "numberofemployees", "annualrevenue", "country", "createdate", "lifecyclestage",
         "hubspot_owner_id", "hs_analytics_source"],
        [["7310", "Nordwind GmbH", "nordwind.de", "COMPUTER_SOFTWARE", "58", "6600000", "Germany", "2022-07-27", "marketingqualifiedlead", "41", "ORGANIC_SEARCH"],
         ["7311", "Acme Inc", "acme.com", "CONSTRUCTION", "120", "1200000", "United States", "2022-01-10", "customer", "42", "DIRECT_TRAFFIC"]],
        {"hs_object_id": "account_id", "numberofemployees": "employees", "annualrevenue": "company_revenue", "lifecyclestage": "lifecycle"},
    ),
    Export(
        "hubspot deals", "hubspot", "deals",
        ["Record ID", "Deal Name", "Deal Stage", "Pipeline", "Amount", "Close Date", "Create Date", "Deal owner", "Closed Lost Reason",
         "Associated Company", "Associated Company IDs (Primary)", 'Cumulative time in "Contract Sent (Sales Pipeline)"'],
        [["19", "Nordwind - new", "Closed Won", "Sales", "8002.8", "2021-03-16 15:27", "2021-01-17 15:54", "Tobias", "", "Nordwind GmbH", "7310;7399", "1200"],
         ["20", "Acme - new", "Closed Lost", "Sales", "100", "2021-03-11 15:27", "2021-01-13 15:54", "Tobias", "Price", "Acme Inc", "7311", "3"],
         ["21", "Beta", "Contract Sent", "Sales", "", "2021-03-11 15:27", "2021-01-13 15:54", "Tobias", "", "Beta AG", "7312", ""]],
        {"Record ID": "deal_id", "Deal Name": "deal_name", "Associated Company IDs (Primary)": "account_id", "Associated Company": "account_name"},
    ),
    Export(
        "hubspot contacts", "hubspot", "contacts",
        ["Record ID", "First Name", "Last Name", "Email", "Job Title", "Company Name", "Contact owner", "Buying Role", "Lifecycle Stage"],
        [["1", "Ann", "Lee", "ann@acme.com", "CFO", "Acme Inc", "Sven", "Budget Holder;Champion", "Customer"],
         ["2", "Jo", "Voss", "jo@nordwind.de", "CTO", "Nordwind GmbH", "Sven", "Blocker", "Lead"]],
        {"Record ID": "contact_id", "Job Title": "job_title", "Company Name": "account_name", "Buying Role": "buying_role"},
    ),
    Export(
        "salesforce account report", "salesforce", "customers",
        ["Account Owner  ↑", "Account Name", "Account Site", "Type", "Industry", "Employees", "Annual Revenue", "Billing Country", "Billing City",
         "Website", "Created Date", "Parent Account", "Last Activity"],
        [["Ann Lee", "Acme Inc", "HQ", "Customer - Direct", "Retail", "120", "5000000", "USA", "Boston", "http://www.acme.com", "11/23/2021", "", "1/5/2025"],
         ["Ann Lee", "Globex AG", "HQ", "Prospect", "Banking", "700", "90000000", "Germany", "Köln", "globex.de", "2/3/2022", "Globex Holding", ""]],
        {"Account Owner  ↑": "owner", "Account Site": None, "Employees": "employees", "Website": "domain", "Parent Account": "parent_account"},
    ),
    Export(
        "salesforce opportunity report", "salesforce", "deals",
        ["Opportunity Name", "Account Name", "Type", "Stage", "Amount Currency", "Amount", "Close Date", "Created Date", "Probability (%)",
         "Opportunity Owner", "Lead Source", "Loss Reason"],
        [["Acme renewal", "Acme Inc", "Existing", "Closed Won", "EUR", "1,200.50", "23/11/2025", "01/09/2025", "100", "Ann", "Web", ""],
         ["Globex new", "Globex AG", "New", "Closed Lost", "EUR", "900", "13/10/2025", "02/09/2025", "0", "Ann", "Other", "Price"]],
        {"Opportunity Name": "deal_name", "Amount Currency": "currency", "Loss Reason": "lost_reason", "Account Name": "account_name"},
    ),
    Export(
        "salesforce data loader", "salesforce", "customers",
        ["ID", "ISDELETED", "NAME", "BILLINGCOUNTRY", "NUMBEROFEMPLOYEES", "ANNUALREVENUE", "INDUSTRY", "OWNERID", "CREATEDDATE", "REGION__C"],
        [["0015g00000AbCdE", "false", "Acme Inc", "USA", "120", "5000000", "Retail", "0055g0000012345", "2021-03-01T10:15:30.000Z", "East"],
         ["0015g00000AbCdF", "true", "Old Corp", "USA", "10", "1", "Retail", "0055g0000012345", "2021-03-01T10:15:30.000Z", "East"]],
        {"ID": "account_id", "NAME": "account_name", "NUMBEROFEMPLOYEES": "employees", "BILLINGCOUNTRY": "country"},
    ),
    Export(
        "pipedrive deals", "pipedrive", "deals",
        ["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Currency of value", "Deal - Organization", "Deal - Contact person", "Deal - Owner",
         "Deal - Stage", "Deal - Status", "Deal - Deal created", "Deal - Won time", "Deal - Lost time", "Deal - Lost reason", "Person - Email - Work"],
        [["1", "Acme deal", "25000", "EUR", "Acme Inc", "Ann Lee", "Sven", "Negotiations", "Won", "2026-01-30 15:55:37", "2026-03-01 10:00:00", "", "", "ann@acme.com, ann.lee@home.net"],
         ["2", "Beta deal", "£1,250.50", "GBP", "Beta AG", "Jo", "Sven", "Negotiations", "Lost", "2026-01-12 15:55:37", "", "2026-02-02 09:00:00", "Price", "jo@beta.ch"],
         ["3", "Gamma", "10", "EUR", "Gamma", "Al", "Sven", "Lead In", "Open", "2026-02-12 15:55:37", "", "", "", ""]],
        {"Deal - Title": "deal_name", "Deal - Organization": "account_name", "Deal - Status": "status", "Deal - Won time": "closed_on", "Deal - Owner": "owner"},
    ),
    Export(
        "pipedrive organizations", "pipedrive", "customers",
        ["Organization - Name", "Organization - Owner", "Organization - People", "Organization - ZIP/Postal code of Company Address",
         "Organization - Open deals", "Organization - Parent", "Organization - City/town/village/locality of Company Address",
         "Organization - Organization created", "Organization - Closed deals", "Organization - Country of Address"],
        [["Acme Inc", "Sven", "2", "02110", "0", "Acme Holding", "Boston", "2026-01-30 15:55:37", "1", "United States"],
         ["Beta AG", "Sven", "1", "8001", "1", "", "Zürich", "2026-01-30 15:55:37", "0", "Switzerland"]],
        {"Organization - Name": "account_name", "Organization - Parent": "parent_account", "Organization - Owner": "owner",
         "Organization - City/town/village/locality of Company Address": "city"},
    ),
    Export(
        "zoho accounts", "zoho", "customers",
        ["Record Id", "Account Owner.id", "Account Owner", "Account Name", "Parent Account.id", "Parent Account", "Website", "Account Type", "Industry",
         "Annual Revenue", "Employees", "Billing City", "Billing Country", "Created By.id", "Created By", "Created Time"],
        [["zcrm_4711", "zcrm_1", "Ann Lee", "Acme Inc", "zcrm_9", "Acme Holding", "www.acme.com", "Customer", "Retail", "500000", "120", "Boston", "USA", "zcrm_1", "Ann Lee", "2023-05-05 10:11:12"],
         ["zcrm_4712", "zcrm_1", "Ann Lee", "Beta AG", "", "", "beta.ch", "Partner", "Banking", "", "12", "Zürich", "Switzerland", "zcrm_1", "Ann Lee", "2023-05-06 10:11:12"]],
        {"Record Id": "account_id", "Account Name": "account_name", "Parent Account.id": None, "Account Owner.id": None, "Created By": None},
    ),
    Export(
        "zoho deals", "zoho", "deals",
        ["Record Id", "Deal Owner.id", "Deal Owner", "Amount", "Deal Name", "Closing Date", "Account Name.id", "Account Name", "Stage", "Probability (%)",
         "Lead Source", "Reason For Loss", "Created Time"],
        [["zcrm_1", "zcrm_8", "Ann", "1200", "Acme renewal", "2024-01-31", "zcrm_4711", "Acme Inc", "Closed Won", "100", "Web", "", "2023-11-05 10:11:12"],
         ["zcrm_2", "zcrm_8", "Ann", "700", "Beta new", "2024-02-28", "zcrm_4712", "Beta AG", "Closed Lost", "0", "Web", "Price", "2023-12-05 10:11:12"]],
        {"Record Id": "deal_id", "Account Name.id": "account_id", "Reason For Loss": "lost_reason", "Closing Date": "closed_on"},
    ),
    Export(
        "dynamics accounts", "dynamics", "customers",
        ["(Do Not Modify) Account", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Account Name", "Main Phone", "Address 1: City",
         "Address 1: Country/Region", "Primary Contact", "Email (Primary Contact) (Contact)", "Industry", "No. of Employees", "Annual Revenue", "Currency", "Created On"],
        [["{AAAA1111-BBBB-2222-CCCC-333344445555}", "x1Y/", "2024-01-01", "Acme Inc", "555-123 4567", "Boston", "United States", "Ann Lee", "ann@acme.com", "Retail", "120", "5000000", "US Dollar", "2020-05-01"],
         ["AAAA1111-BBBB-2222-CCCC-333344445556", "x1Z/", "2024-01-01", "Beta AG", "", "Zürich", "Switzerland", "Jo Voss", "jo@beta.ch", "Banking", "12", "", "Euro", "2020-06-01"]],
        {"(Do Not Modify) Account": "account_id", "(Do Not Modify) Row Checksum": None, "Email (Primary Contact) (Contact)": "email", "No. of Employees": "employees"},
    ),
    Export(
        "dynamics opportunities", "dynamics", "deals",
        ["(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Topic", "Potential Customer", "Est. Revenue",
         "Actual Revenue", "Est. Close Date", "Actual Close Date", "Status", "Status Reason", "Probability", "Created On"],
        [["AAAA1111-BBBB-2222-CCCC-333344445577", "x", "2024-01-01", "New plant", "Acme Inc", "1000", "1200", "2024-03-01", "2024-03-05", "Won", "Won", "100", "2023-12-01"],
         ["AAAA1111-BBBB-2222-CCCC-333344445578", "x", "2024-01-01", "Line 2", "Beta AG", "500", "", "2024-03-01", "2024-02-05", "Lost", "Out-Sold", "0", "2023-12-03"]],
        {"(Do Not Modify) Opportunity": "deal_id", "Potential Customer": "account_name", "Actual Close Date": "closed_on", "Topic": "deal_name"},
    ),
    Export(
        "close leads", "close", "customers",
        ["id", "lead_name", "display_name", "url", "status_label", "primary_contact_name", "primary_contact_title", "primary_contact_primary_email",
         "num_calls", "date_created", "custom.Industry", "custom.Account Rep.name"],
        [["lead_1aB", "Acme Inc", "Acme Inc", "https://acme.com", "Customer", "Ann Lee", "CFO", "ann@acme.com", "3", "2023-01-01T10:00:00+00:00", "Retail", "Sven"],
         ["lead_2aB", "Beta AG", "Beta AG", "https://beta.ch", "Potential", "Jo Voss", "CTO", "jo@beta.ch", "1", "2023-01-02T10:00:00+00:00", "Banking", "Sven"]],
        {"id": "account_id", "lead_name": "account_name", "custom.Industry": "industry", "primary_contact_primary_email": "email", "custom.Account Rep.name": "owner"},
    ),
    Export(
        "stripe subscriptions, decimal comma", "stripe", "subscriptions",
        ["id", "Customer ID", "Customer Description", "Customer Email", "Customer Name", "Plan", "Product", "Quantity", "Currency", "Interval", "Amount", "Status",
         "Created (UTC)", "Start Date (UTC)", "Current Period Start (UTC)", "Current Period End (UTC)", "Canceled At (UTC)", "Cancel At Period End", "Ended At (UTC)"],
        [["sub_1", "cus_1", "", "ann@acme.com", "Acme Inc", "price_1", "Pro", "2", "eur", "month", "1.234,56", "active", "2024-01-01 10:00", "2024-01-01 10:00", "2024-06-01 10:00", "2024-07-01 10:00", "2024-06-12 09:00", "true", ""],
         ["sub_2", "cus_2", "Beta AG", "jo@beta.ch", "", "price_2", "Core", "1", "eur", "year", "49,00", "canceled", "2023-01-01 10:00", "2023-01-01 10:00", "2023-01-01 10:00", "2024-01-01 10:00", "2023-12-12 09:00", "false", "2024-01-01 10:00"]],
        {"id": "subscription_id", "Canceled At (UTC)": "cancel_requested_on", "Ended At (UTC)": "ended_on", "Customer Name": "account_name"},
    ),
    Export(
        "stripe customers", "stripe", "customers",
        ["id", "Description", "Email", "Name", "Created (UTC)", "Delinquent", "Plan", "Status", "Total Spend", "Payment Count", "Refunded Volume", "Dispute Losses", "segment (metadata)"],
        [["cus_1", "", "ann@acme.com", "Acme Inc", "2024-01-01 10:00", "false", "price_1", "active", "1200.50", "12", "0.00", "0.00", "smb"],
         ["cus_2", "", "jo@beta.ch", "Beta AG", "2023-01-01 10:00", "false", "price_2", "canceled", "49.00", "1", "0.00", "0.00", "mid"]],
        {"id": "account_id", "Total Spend": "total_revenue", "Name": "account_name"},
    ),
    Export(
        "stripe payments", "stripe", "orders",
        ["id", "Description", "Created (UTC)", "Amount", "Amount Refunded", "Currency", "Converted Amount", "Converted Amount Refunded", "Fee", "Tax",
         "Converted Currency", "Mode", "Status", "Statement Descriptor", "Customer ID", "Customer Description", "Customer Email", "Captured", "Card ID"],
        [["ch_1", "Invoice A", "2024-01-01 10:00", "100.00", "0.00", "usd", "92.00", "0.00", "1", "0", "eur", "Live", "Paid", "X", "cus_1", "Acme Inc", "ann@acme.com", "true", "card_1"],
         ["ch_2", "Invoice B", "2024-01-02 10:00", "50.00", "20.00", "usd", "46.00", "18.40", "1", "0", "eur", "Live", "Refunded", "X", "cus_1", "Acme Inc", "ann@acme.com", "true", "card_1"],
         ["ch_3", "Invoice C", "2024-01-03 10:00", "70.00", "0.00", "usd", "64.00", "0.00", "1", "0", "eur", "Live", "Failed", "X", "cus_2", "Beta AG", "jo@beta.ch", "false", "card_1"]],
        {"id": "order_id", "Converted Amount": "amount", "Converted Currency": "currency", "Created (UTC)": "ordered_on"},
    ),
    Export(
        "stripe invoices", "stripe", "orders",
        ["id", "Customer", "Customer Name", "Number", "Currency", "Amount Due", "Amount Paid", "Paid", "Date (UTC)", "Paid At (UTC)", "Finalized At (UTC)", "Subscription", "Status"],
        [["in_1", "cus_1", "Acme Inc", "A-0001", "eur", "100.00", "100.00", "TRUE", "2024-01-01 10:00", "2024-01-02 10:00", "2024-01-01 10:00", "sub_1", "paid"],
         ["in_2", "cus_2", "Beta AG", "B-0001", "eur", "50.00", "0.00", "FALSE", "2024-01-01 10:00", "", "", "sub_2", "void"]],
        {"id": "order_id", "Customer": "account_id", "Amount Paid": "amount", "Date (UTC)": "ordered_on"},
    ),
    Export(
        "shopify orders", "shopify", "orders",
        ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Amount", "Created at",
         "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Billing Name", "Billing Company", "Billing Country", "Cancelled at", "Refunded Amount", "Id"],
        [["#1001", "ann@gmail.com", "paid", "2024-05-01 10:00:00 +0000", "fulfilled", "EUR", "90.00", "5.00", "5.00", "100.00", "0.00", "2024-05-01 10:00:00 +0000", "1", "Mug", "40.00", "M1", "Ann Lee", "", "DE", "", "10.00", "111"],
         ["#1001", "", "", "", "", "", "", "", "", "", "", "2024-05-01 10:00:00 +0000", "2", "Plate", "25.00", "P1", "", "", "", "", "", ""],
         ["#1002", "jo@web.de", "voided", "", "", "EUR", "20.00", "0.00", "0.00", "20.00", "0.00", "2024-05-02 10:00:00 +0000", "1", "Mug", "20.00", "M1", "Jo Voss", "", "DE", "", "0.00", "112"],
         ["#1003", "jo@web.de", "paid", "2024-05-03 10:00:00 +0000", "", "EUR", "20.00", "0.00", "0.00", "20.00", "0.00", "2024-05-03 10:00:00 +0000", "1", "Mug", "20.00", "M1", "Jo Voss", "", "DE", "", "0.00", "113"]],
        {"Name": "order_id", "Total": "order_total", "Lineitem name": "product", "Refunded Amount": "refunded_amount", "Created at": "ordered_on", "Billing Name": None},
    ),
    Export(
        "shopify orders, newer spelling", "shopify", "orders",
        ["Name", "Phone", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Total", "Created at", "Lineitem quantity", "Lineitem name",
         "Lineitem price", "Lineitem compare-at price", "Lineitem SKU", "Canceled at", "Payment Reference (deprecated)"],
        [["#1001", "'+49 171 1234567", "ann@gmail.com", "paid", "2024-05-01 10:00:00 +0000", "fulfilled", "EUR", "100.00", "2024-05-01 10:00:00 +0000", "1", "Mug", "40.00", "", "M1", "", "x"]],
        {"Name": "order_id", "Lineitem SKU": "product_id", "Canceled at": "cancelled_on"},
    ),
    Export(
        "woocommerce analytics", "woocommerce", "orders",
        ["Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Customer type", "Product(s)", "Items sold", "Coupon(s)", "Net Sales", "Attribution"],
        [["2024-05-01 10:00:00", "1001", "৳2,999", "completed", "Ann Lee", "returning", "2× Mug, 1× Plate", "3", "", "2999.00", "Direct"],
         ["2024-05-02 10:00:00", "1002", "৳100", "cancelled", "Jo Voss", "new", "1× Mug", "1", "", "100.00", "Google"]],
        {"Order #": "order_id", "Net Sales": "amount", "Product(s)": "product", "Customer": "account_name"},
    ),
    Export(
        "woocommerce plugin", "woocommerce", "orders",
        ["order_id", "order_date", "order_status", "customer_id", "billing_first_name", "billing_last_name", "billing_email", "billing_country", "order_total", "order_currency", "payment_method"],
        [["1001", "2024-05-01 10:00:00", "completed", "7", "Ann", "Lee", "ann@gmail.com", "US", "29.90", "USD", "stripe"],
         ["1002", "2024-05-02 10:00:00", "failed", "8", "Jo", "Voss", "jo@web.de", "DE", "10.00", "EUR", "paypal"]],
        {"order_total": "order_total", "customer_id": "account_id", "billing_email": "email"},
    ),
    Export(
        "xero invoices", "xero", "orders",
        ["*ContactName", "EmailAddress", "POCountry", "*InvoiceNumber", "Reference", "*InvoiceDate", "*DueDate", "Total", "TaxTotal", "InventoryItemCode",
         "*Description", "*Quantity", "*UnitAmount", "LineAmount", "*AccountCode", "TaxType", "TaxAmount", "Currency", "Type", "Sent", "Status"],
        [["Acme Inc", "ann@acme.com", "Netherlands", "INV-1", "", "13/05/2024", "12/06/2024", "121.00", "21.00", "A", "Seats", "2", "30.00", "60.00", "200", "BTW", "12.60", "EUR", "Sales invoice", "Sent", "Paid"],
         ["Acme Inc", "ann@acme.com", "Netherlands", "INV-1", "", "13/05/2024", "12/06/2024", "121.00", "21.00", "B", "Setup", "1", "40.00", "40.00", "200", "BTW", "8.40", "EUR", "Sales invoice", "Sent", "Paid"],
         ["Acme Inc", "ann@acme.com", "Netherlands", "CN-1", "", "03/06/2024", "12/06/2024", "30.00", "0.00", "A", "Seats", "1", "30.00", "30.00", "200", "BTW", "0", "EUR", "Sales credit note", "Sent", "Paid"],
         ["Beta AG", "", "Switzerland", "INV-2", "", "14/05/2024", "12/06/2024", "50.00", "0.00", "A", "Seats", "1", "50.00", "50.00", "200", "BTW", "0", "EUR", "Sales invoice", "", "Voided"]],
        {"*ContactName": "account_name", "*InvoiceNumber": "order_id", "LineAmount": "line_amount", "*InvoiceDate": "ordered_on"},
    ),
    Export(
        "quickbooks sales by customer detail", "quickbooks", "orders",
        ["", "Date", "Account", "Amount", "Ref #"],
        [["Acme Inc", "", "", "", ""],
         ["", "01/15/2020", "Sales", "$1,000.00  ", "101"],
         ["", "02/20/2020", "Sales", "450.00  ", "102"],
         ["Total for Acme Inc", "", "", "$1,450.00  ", ""],
         ["Beta AG", "", "", "", ""],
         ["", "03/31/2020", "Sales", "(50.00)", "103"],
         ["Total for Beta AG", "", "", "($50.00)", ""],
         ["TOTAL", "", "", "$1,400.00", ""]],
        {"Column 1": "account_name", "Amount": "amount", "Ref #": "order_id", "Date": "ordered_on"},
    ),
    Export(
        "qualtrics, texts", "qualtrics", "responses",
        ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId", "RecipientEmail",
         "DistributionChannel", "UserLanguage", "Q1_NPS_GROUP", "Q1", "Q2", "Q3"],
        [["2017-07-18 08:20:09", "2017-07-18 08:28:09", "IP Address", "1.2.3.4", "100", "300", "True", "2017-07-18 08:28:10", "R_1", "ann@acme.com", "email", "EN", "Promoter", "10", "It saves us hours every week", "Write a comment,I want to talk"],
         ["2017-07-19 08:20:09", "2017-07-19 08:28:09", "Survey Preview", "1.2.3.4", "100", "300", "True", "2017-07-19 08:28:10", "R_2", "", "preview", "EN", "Detractor", "0", "test", "I want to talk"],
         ["2017-07-20 08:20:09", "2017-07-20 08:28:09", "IP Address", "1.2.3.4", "100", "300", "True", "2017-07-20 08:28:10", "R_3", "jo@beta.ch", "email", "DE", "Passive", "7", "Good but slow at times", "Write a comment"]],
        {"ResponseId": "response_id", "Q1": "nps", "Q2": "comment", "Q1_NPS_GROUP": "nps_group", "EndDate": "answered_on", "Q3": None},
        [["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate", "ResponseId", "RecipientEmail",
          "DistributionChannel", "UserLanguage", "Q1_NPS_GROUP", "Q1", "Q2", "Q3"],
         ["Anfangsdatum", "Enddatum", "Antworttyp", "IP-Adresse", "Fortschritt", "Dauer (in Sekunden)", "Beendet", "Aufnahmedatum", "Antwort-ID", "E-Mail des Empfängers",
          "Verteilungskanal", "Benutzersprache", "Gruppe", "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "Warum haben Sie diese Note gegeben?", "Was möchten Sie tun?"],
         ['{"ImportId":"startDate","timeZone":"America/Denver"}', '{"ImportId":"endDate"}', '{"ImportId":"status"}', "", "", "", "", "", '{"ImportId":"_recordId"}', "", "", "", "", '{"ImportId":"QID1"}', "", ""]],
    ),
    Export(
        "qualtrics, legacy", "qualtrics", "responses",
        ["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "Q1", "Q2"],
        [["R_1", "Default", "Ann Lee", "", "ann@acme.com", "1.2.3.4", "0", "2015-01-01 10:00:00", "2015-01-01 10:05:00", "1", "9", "Fast and simple to learn"],
         ["R_2", "Default", "Anonymous", "", "", "1.2.3.4", "8", "2015-01-02 10:00:00", "2015-01-02 10:05:00", "1", "3", "Spam"]],
        {"V1": "response_id", "V9": "answered_on", "V5": "email", "Q1": "nps"},
        [["V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "V10", "Q1", "Q2"],
         ["ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress", "Status", "StartDate", "EndDate", "Finished",
          "How likely are you to recommend us?", "Why did you give this score?"]],
    ),
    Export(
        "surveymonkey", "surveymonkey", "responses",
        ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "How likely is it that you would recommend us to a friend?",
         "Which tools do you use? - Excel", "Which tools do you use? - Other (please specify)"],
        [["3292879998", "1", "06/21/2024 09:12:00 AM", "06/21/2024 09:15:00 AM", "1.2.3.4", "ann@acme.com", "9", "Excel", ""],
         ["3292879999", "1", "07/02/2024 09:12:00 AM", "07/02/2024 09:15:00 AM", "1.2.3.4", "jo@beta.ch", "3", "", "A wall calendar"]],
        {"Respondent ID": "response_id", "End Date": "answered_on", "How likely is it that you would recommend us to a friend?": "nps"},
    ),
    Export(
        "typeform", "typeform", "responses",
        ["#", "What is your company?", "How likely are you to recommend us?", "Other", "Your phone", "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags", "Ending"],
        [["a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6", "Acme Inc", "9", "", "'+56954886178", "completed", "2025-02-22 17:15:19", "", "2025-02-22 17:16:19", "n1", "", "Thanks"],
         ["b1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6", "Beta AG", "4", "Other", "", "partial", "2025-02-23 17:15:19", "2025-02-23 17:15:59", "", "n2", "", ""],
         ["c1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6", "", "", "", "", "started", "2025-02-24 17:15:19", "", "", "n3", "", ""]],
        {"#": "response_id", "Submit Date (UTC)": "answered_on", "How likely are you to recommend us?": "nps"},
    ),
    Export(
        "google forms, direct csv", "google_forms", "responses",
        ["Timestamp", "Email Address", "What do you use it for?", "How likely are you to recommend us to a colleague?", "Any other feedback?"],
        [["2026/09/27 3:00:00 PM GMT+3", "ann@acme.com", "Replay;workbook", "10", "Great work, thank you all"],
         ["2026/09/28 3:00:00 PM GMT+3", "jo@beta.ch", "workbook", "6", "It could be faster when loading"],
         ["2026/09/29 3:00:00 PM GMT+3", "al@gamma.io", "Replay;export", "8", "I love the export, more please"]],
        {"Timestamp": "answered_on", "How likely are you to recommend us to a colleague?": "nps", "Email Address": "email"},
    ),
    Export(
        "microsoft forms", "microsoft_forms", "responses",
        ["ID", "Start time", "Completion time", "Email", "Name", "Which tools do you use?\u00a0", "How likely are you to recommend us?\n"],
        [["1", "7/27/26 19:01:23", "7/27/26 19:06:23", "anonymous", "", "AGOL;Cartography;", "9"],
         ["2", "7/28/26 19:01:23", "7/28/26 19:06:23", "ann@acme.com", "Ann Lee", "AGOL;", "2"],
         ["3", "7/29/26 19:01:23", "7/29/26 19:06:23", "jo@beta.ch", "Jo Voss", "Cartography;Survey;", "7"]],
        {"ID": "response_id", "Completion time": "answered_on", "Email": "email", "How likely are you to recommend us?\n": "nps"},
    ),
    Export(
        "hotjar", "hotjar", "responses",
        ["Number", "User", "Date Submitted", "Country", "Source URL", "Device", "Browser", "OS", "Hotjar User ID", "How likely are you to recommend us? ", "Why did you give that score?\n"],
        [["1", "u-1", "2024-05-01 10:00:00", "Germany", "https://x.com/a", "desktop", "Chrome", "Windows", "h1", "10", "Quick and friendly answers always"],
         ["2", "u-2", "2024-05-02 10:00:00", "France", "https://x.com/b", "phone", "Safari", "iOS", "h2", "5", "Too many clicks to find it"]],
        {"Number": "response_id", "Date Submitted": "answered_on", "How likely are you to recommend us? ": "nps", "Why did you give that score?\n": "comment"},
    ),
    Export(
        "generic nps tool", "nps_tool", "responses",
        ["id", "email", "name", "survey_type", "score", "comment", "permalink", "created_at", "person_properties.plan"],
        [["1", "ann@acme.com", "Ann Lee", "nps", "10", "It is quick", "https://x.co/1", "2024-05-01T10:00:00Z", "pro"],
         ["2", "jo@beta.ch", "Jo Voss", "nps", "0", "It is slow", "https://x.co/2", "2024-05-02T10:00:00Z", "core"]],
        {"score": "nps", "comment": "comment", "created_at": "answered_on"},
    ),
    Export(
        "zendesk tickets", "zendesk", "tickets",
        ["Id", "Subject", "Requester", "Requester email", "Organization", "Group", "Status", "Priority", "Created at", "Solved at", "Satisfaction Score"],
        [["48200", "Print the plan", "Inès", "ines@acme.com", "Acme Inc", "How to", "Solved", "Normal", "2024-11-02 08:00", "2024-11-03 08:00", "Good"],
         ["48201", "Log in fails", "Jo", "jo@beta.ch", "Beta AG", "Bugs", "Open", "High", "2024-11-02 08:00", "", "Offered"],
         ["48202", "Wrong bill", "Al", "al@gamma.io", "Gamma", "Bills", "Solved", "Low", "2024-11-04 08:00", "2024-11-05 08:00", "Bad"]],
        {"Id": "ticket_id", "Requester email": "email", "Organization": "account_name", "Satisfaction Score": "csat"},
    ),
    Export(
        "intercom", "intercom", "tickets",
        ["Conversation ID", "Conversation rating", "Conversation remark", "Teammate", "User email", "Company name", "Created at", "Closed at"],
        [["1", "5", "Thanks", "Ann", "jo@beta.ch", "Beta AG", "2024-11-02 08:00", "2024-11-02 09:00"],
         ["2", "1", "Slow", "Ann", "al@gamma.io", "Gamma", "2024-11-03 08:00", "2024-11-03 09:00"]],
        {"Conversation ID": "ticket_id", "Conversation rating": "csat", "User email": "email"},
    ),
    Export(
        "ga4 traffic report", "ga4", "usage",
        ["Session primary channel group (Default channel group)", "Sessions", "Engaged sessions", "Engagement rate", "Event count", "Key events", "Total revenue"],
        [["Organic Search", "1200", "800", "0.66", "9000", "12", "0"], ["Direct", "700", "300", "0.42", "4000", "3", "0"]],
        {"Sessions": "sessions", "Event count": "events"},
    ),
    Export(
        "posthog persons", "posthog", "contacts",
        ["created_at", "distinct_ids.0", "distinct_ids.10", "id", "name", "properties.email", "properties.company", "properties.$browser"],
        [["2024-01-01T10:00:00Z", "d1", "", "018f-1", "Ann Lee", "ann@acme.com", "Acme Inc", "Chrome"],
         ["2024-01-02T10:00:00Z", "d2", "Note: 37 distinct_ids in total", "018f-2", "Jo Voss", "jo@beta.ch", "Beta AG", "Safari"]],
        {"id": "contact_id", "properties.email": "email", "properties.company": "account_name", "distinct_ids.10": None},
    ),
    Export(
        "mixpanel profiles", "mixpanel", "contacts",
        ["$distinct_id", "$name", "$email", "$phone", "$created", "Company", "Plan"],
        [["d1", "Ann Lee", "ann@acme.com", "", "2024-01-01T10:00:00", "Acme Inc", "pro"], ["d2", "Jo Voss", "jo@beta.ch", "", "2024-01-02T10:00:00", "Beta AG", "core"]],
        {"$distinct_id": "contact_id", "$email": "email", "$name": "person_name", "Company": "account_name"},
    ),
    Export(
        "amplitude cohort", "amplitude", "contacts",
        ["amplitude_id", "user_id", "email", "plan"],
        [["101", "u1", "ann@acme.com", "pro"], ["102", "u2", "jo@beta.ch", "core"]],
        {"amplitude_id": "contact_id", "user_id": "account_id", "email": "email"},
    ),
]  # fmt: skip


def export(name: str) -> Export:
    return next(e for e in EXPORTS if e.name == name)
