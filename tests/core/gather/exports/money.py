"""Exports of billing systems and shops: Stripe, Shopify, WooCommerce, QuickBooks, Xero, Chargebee."""

from __future__ import annotations

from tests.core.gather.exports import ExportFile, text
from tests.core.gather.files import workbook_bytes, zip_bytes

# ------------------------------------------------------------------------------------------- Stripe

_SUBSCRIPTIONS = [
    ["id", "Customer ID", "Customer Description", "Customer Email", "Customer Name", "Plan", "Product", "Quantity", "Currency", "Interval", "Amount", "Status", "Created (UTC)", "Start (UTC)", "Current Period Start (UTC)", "Current Period End (UTC)",
     "Trial Start (UTC)", "Trial End (UTC)", "Coupon", "Canceled At (UTC)", "Cancel At Period End", "Ended At (UTC)", "Cancellation Reason", "segment (metadata)"],
    ["sub_1", "cus_9", "", "ann@quarry.com", "Quarry Inc", "price_1A", "Pro", "2", "eur", "month", "49,00", "active", "2024-01-02 10:00", "2024-01-02 10:00", "2024-06-02 10:00", "2024-07-02 10:00", "", "", "", "2024-06-12 08:00", "TRUE", "", "", "smb"],
    ["sub_2", "cus_8", "", "jo@bettina.ch", "Bettina AG", "price_1B", "Max", "1", "eur", "year", "1.234,56", "canceled", "2023-01-01 10:00", "2023-01-01 10:00", "2023-01-01 10:00", "2024-01-01 10:00", "", "", "", "2023-12-12 08:00", "true", "2024-01-01 10:00", "too_expensive", "mid"],
    ["sub_3", "cus_9", "", "ann@quarry.com", "Quarry Inc", "price_1C", "Add-on", "1", "eur", "month", "10,00", "trialing", "2024-06-01 10:00", "2024-06-01 10:00", "2024-06-01 10:00", "2024-07-01 10:00", "2024-06-01 10:00", "2024-07-01 10:00", "", "", "false", "", "", "smb"],
]  # fmt: skip


def _swapped(rows, names):
    return [[names.get(cell, cell) for cell in rows[0]], *rows[1:]]


STRIPE = [
    ExportFile(
        "stripe subscriptions, decimal comma", "European amounts; cancellation asked for is not the end; several rows of one customer", "subscriptions (55).csv",
        lambda: text(_SUBSCRIPTIONS, encoding="utf-8-sig"), "stripe", "subscriptions",
        {"id": "subscription_id", "Customer ID": "account_id", "Canceled At (UTC)": "cancel_requested_on", "Ended At (UTC)": "ended_on", "Start (UTC)": "started_on", "Plan": "plan", "segment (metadata)": None},
        {"amount": [49.0, 1234.56, 10.0], "ended_on": [None, "2024-01-01", None], "cancel_requested_on": ["2024-06-12", "2023-12-12", None], "interval": ["month", "year", "month"], "currency": ["EUR", "EUR", "EUR"]}, 3,
    ),
    ExportFile(
        "stripe subscriptions, newer headings", "Start Date (UTC) instead of Start (UTC); points as decimal mark", "subscriptions.csv",
        lambda: text([[c.replace("49,00", "49.00").replace("1.234,56", "1234.56").replace("10,00", "10.00") for c in r] for r in _swapped(_SUBSCRIPTIONS, {"Start (UTC)": "Start Date (UTC)"})]),
        "stripe", "subscriptions", {"Start Date (UTC)": "started_on"}, {"amount": [49.0, 1234.56, 10.0]}, 3,
    ),
    ExportFile(
        "stripe customers", "metadata columns; total spend is what they paid you", "unified_customers.csv",
        lambda: text([["id", "Description", "Email", "Name", "Created (UTC)", "Delinquent", "Plan", "Status", "Total Spend", "Payment Count", "Refunded Volume", "Dispute Losses", "tag (metadata)"],
                      ["cus_9", "", "ann@quarry.com", "Quarry Inc", "2023-02-01 09:00", "false", "price_1A", "Active", "1200.50", "12", "0.00", "0.00", "vip"],
                      ["cus_8", "", "jo@bettina.ch", "Bettina AG", "2023-03-01 09:00", "false", "", "", "80.00", "1", "0.00", "0.00", ""]]),
        "stripe", "customers", {"id": "account_id", "Email": "email", "Name": "account_name", "Total Spend": "total_revenue", "Created (UTC)": "created_on", "tag (metadata)": None}, {"total_revenue": [1200.5, 80]}, 2,
    ),
    ExportFile(
        "stripe payments, older", "only what was paid and captured counts, in one currency, less refunds", "payments.csv",
        lambda: text([["id", "Description", "Created (UTC)", "Amount", "Amount Refunded", "Currency", "Converted Amount", "Converted Amount Refunded", "Fee", "Tax", "Converted Currency", "Mode", "Status", "Statement Descriptor", "Customer ID", "Customer Description", "Customer Email", "Captured", "Card ID"],
                      ["ch_1", "", "2024-01-02 10:00", "100.00", "0.00", "usd", "92.00", "0.00", "3.00", "0", "eur", "Live", "Paid", "X", "cus_9", "", "ann@quarry.com", "true", "card_1"],
                      ["ch_2", "", "2024-01-03 10:00", "50.00", "20.00", "usd", "46.00", "18.40", "1.00", "0", "eur", "Live", "Refunded", "X", "cus_8", "", "jo@bettina.ch", "true", "card_2"],
                      ["ch_3", "", "2024-01-04 10:00", "70.00", "0.00", "usd", "64.00", "0.00", "1.00", "0", "eur", "Live", "Failed", "X", "cus_8", "", "jo@bettina.ch", "false", "card_2"]]),
        "stripe", "orders", {"id": "order_id", "Customer ID": "account_id", "Created (UTC)": "ordered_on", "Customer Email": "email"}, {"amount": [92.0, 27.6], "currency": ["EUR", "EUR"]}, 2,
    ),
    ExportFile(
        "stripe payments, not all converted", "a payment that is not converted yet counts in its own currency", "payments (2).csv",
        lambda: text([["id", "Created (UTC)", "Amount", "Amount Refunded", "Currency", "Converted Amount", "Converted Amount Refunded", "Converted Currency", "Status", "Customer ID", "Customer Email", "Captured"],
                      ["ch_1", "2024-01-02 10:00", "100.00", "0.00", "usd", "92.00", "0.00", "eur", "Paid", "cus_9", "ann@quarry.com", "true"],
                      ["ch_2", "2024-01-03 10:00", "50.00", "5.00", "gbp", "", "", "", "Paid", "cus_8", "jo@bettina.ch", "true"]]),
        "stripe", "orders", {"Converted Amount": "amount", "Amount": None}, {"amount": [92.0, 45.0], "currency": ["EUR", "GBP"]}, 2,
    ),
    ExportFile(
        "stripe payments in test mode", "no money moves in test mode", "payments (1).csv",
        lambda: text([["id", "Created (UTC)", "Amount", "Amount Refunded", "Currency", "Mode", "Status", "Statement Descriptor", "Customer ID", "Customer Email", "Captured", "Card ID"],
                      ["ch_1", "2024-01-02 10:00", "100.00", "0.00", "usd", "Live", "Paid", "X", "cus_9", "ann@quarry.com", "true", "card_1"],
                      ["ch_2", "2024-01-03 10:00", "50.00", "0.00", "usd", "Test", "Paid", "X", "cus_8", "jo@bettina.ch", "true", "card_2"]]),
        "stripe", "orders", {"Amount": "amount"}, {"amount": [100.0], "order_id": ["ch_1"]}, 1,
    ),
    ExportFile(
        "stripe customers, all columns", "the address stands twice: given and of the card; card columns say nothing", "unified_customers (55).csv",
        lambda: text([["id", "Address City", "Address Country", "Address Zip", "Card Address City", "Card Address Country", "Card CVC Status", "Card Exp Month", "Card Last4", "Created (UTC)", "Currency", "Delinquent", "Description", "Email", "Name", "Quantity", "Total Spend", "Payment Count"],
                      ["cus_1", "Dresden", "DE", "01067", "", "", "pass", "4", "4242", "2023-02-01 09:00", "eur", "false", "Quarry", "ann@quarry.de", "Quarry GmbH", "2", "1.200,50", "12"],
                      ["cus_2", "", "", "", "Wien", "AT", "pass", "5", "4242", "2023-03-01 09:00", "eur", "false", "Bettina AG", "jo@bettina.at", "", "", "49,00", "1"]]),
        "stripe", "customers", {"Address City": "city", "Address Zip": "postal_code", "Card Last4": None, "Quantity": None},
        {"account_name": ["Quarry GmbH", "Bettina AG"], "city": ["Dresden", "Wien"], "country": ["Germany", "Austria"], "postal_code": ["01067", None], "total_revenue": [1200.5, 49.0]}, 2,
    ),
    ExportFile(
        "stripe prices", "a list of prices holds no customer and no order", "prices.csv",
        lambda: text([["id", "Product ID", "Product Name", "Created (UTC)", "Amount", "Currency", "Interval", "Interval Count", "Usage Type", "Billing Scheme"],
                      ["price_1", "prod_1", "Pro", "2023-01-01 10:00", "49.00", "usd", "month", "1", "licensed", "per_unit"], ["price_2", "prod_1", "Pro", "2023-01-01 10:00", "149.00", "usd", "month", "3", "licensed", "per_unit"]]),
        refused="no row of it is a customer",
    ),
    ExportFile(
        "stripe payments, newer", "renamed headings", "unified_payments.csv",
        lambda: text([["id", "Created date (UTC)", "Amount", "Amount Refunded", "Currency", "Captured", "Converted Amount", "Converted Amount Refunded", "Converted Currency", "Decline Reason", "Description", "Fee", "Refunded date (UTC)", "Mode", "Seller Message", "Status", "Taxes On Fee", "Card ID", "Customer ID", "Customer Description", "Customer Email", "Invoice ID"],
                      ["ch_1", "2024-01-02 10:00:00", "100.00", "0.00", "eur", "true", "100.00", "0.00", "eur", "", "", "3.00", "", "Live", "Payment complete.", "Paid", "0.5", "card", "cus_9", "", "ann@quarry.com", "in_1"],
                      ["ch_2", "2024-01-03 10:00:00", "50.00", "50.00", "eur", "true", "50.00", "50.00", "eur", "", "", "3.00", "2024-02-01 10:00:00", "Live", "Payment complete.", "Refunded", "0.5", "card", "cus_8", "", "jo@bettina.ch", "in_2"]]),
        "stripe", "orders", {"Created date (UTC)": "ordered_on", "Customer ID": "account_id", "id": "order_id"}, {"amount": [100.0, 0.0], "ordered_on": ["2024-01-02", "2024-01-03"]}, 2,
    ),
    ExportFile(
        "stripe invoices", "Customer is an id, what was paid counts", "invoices.csv",
        lambda: text([["id", "Customer", "Customer Name", "Number", "Currency", "Amount Due", "Amount Paid", "Paid", "Date (UTC)", "Paid At (UTC)", "Finalized At (UTC)", "Minimum Line Item Period Start (UTC)", "Maximum Line Item Period End (UTC)", "Subscription", "Status", "Description"],
                      ["in_1", "cus_9", "Quarry Inc", "A-1", "eur", "100.00", "100.00", "true", "2024-01-02 10:00", "2024-01-03 10:00", "2024-01-02 10:00", "2024-01-02", "2024-02-02", "sub_1", "paid", ""],
                      ["in_2", "cus_8", "Bettina AG", "A-2", "eur", "40.00", "40.00", "true", "2024-01-05 10:00", "2024-01-06 10:00", "2024-01-05 10:00", "2024-01-05", "2024-02-05", "sub_2", "paid", ""]]),
        "stripe", "orders", {"id": "order_id", "Customer": "account_id", "Customer Name": "account_name", "Amount Paid": "amount", "Date (UTC)": "ordered_on"}, {"amount": [100.0, 40.0]}, 2,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- Shopify

_SHOPIFY_COLUMNS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,"
    "Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,"
    "Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,"
    "Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References"
).split(",")
_SHOPIFY_ORDERS: list[dict[str, str]] = [
    {"Name": "#1001", "Email": "ann@gmail.com", "Financial Status": "paid", "Paid at": "2024-05-01 10:00:00 +0000", "Accepts Marketing": "yes", "Currency": "EUR", "Subtotal": "90.00", "Shipping": "5.00", "Taxes": "5.00", "Total": "100.00",
     "Discount Amount": "0.00", "Created at": "2024-05-01 10:00:00 +0000", "Lineitem quantity": "1", "Lineitem name": "Mug, blue", "Lineitem price": "40.00", "Lineitem sku": "M1", "Lineitem taxable": "true", "Billing Name": "Ann Lee",
     "Billing Zip": "'01067", "Billing Country": "DE", "Billing Phone": "'+49 351 1", "Refunded Amount": "10.00", "Vendor": "Own", "Id": "111", "Source": "web"},
    {"Name": "#1001", "Email": "ann@gmail.com", "Created at": "2024-05-01 10:00:00 +0000", "Lineitem quantity": "2", "Lineitem name": "Plate", "Lineitem price": "25.00", "Lineitem sku": "P1", "Vendor": "Own"},
    {"Name": "#1002", "Email": "jo@web.de", "Financial Status": "voided", "Currency": "EUR", "Subtotal": "20.00", "Total": "20.00", "Created at": "2024-05-02 10:00:00 -0500", "Lineitem quantity": "1", "Lineitem name": "Mug", "Lineitem price": "20.00",
     "Billing Name": "Jo Voss", "Billing Country": "AT", "Cancelled at": "2024-05-03 10:00:00 -0500", "Refunded Amount": "0.00", "Vendor": "Own", "Id": "112"},
    {"Name": "#1003", "Email": "jo@web.de", "Financial Status": "paid", "Paid at": "2024-05-03 10:00:00 +0000", "Currency": "EUR", "Subtotal": "20.00", "Taxes": "0.00", "Shipping": "0.00", "Total": "20.00", "Created at": "2024-05-03 10:00:00 +0000",
     "Lineitem quantity": "1", "Lineitem name": "Mug", "Lineitem price": "20.00", "Billing Name": "Jo Voss", "Billing Country": "AT", "Refunded Amount": "0.00", "Vendor": "Own", "Id": "113"},
]  # fmt: skip


def _shopify(columns: list[str], blank_later: bool = False) -> list[list[str]]:
    rows, seen = [columns], set()
    for order in _SHOPIFY_ORDERS:
        later = order["Name"] in seen
        seen.add(order["Name"])
        rows.append(["" if later and blank_later and c == "Email" else order.get(c, "") for c in columns])
    return rows


_SHOPIFY_MEANS = {"Name": "order_id", "Email": "email", "Total": "order_total", "Billing Name": None, "Vendor": None, "Created at": "ordered_on", "Lineitem name": "product", "Refunded Amount": "refunded_amount", "Billing Country": "country"}  # fmt: skip
_SHOPIFY_VALUES = {"order_id": ["#1001", "#1001", "#1003"], "amount": [90.0, None, 20.0], "email": ["ann@gmail.com", "ann@gmail.com", "jo@web.de"], "country": ["Germany", "Germany", "Austria"]}  # fmt: skip
_SHOPIFY_NEWER = [
    "Name",
    "Phone",
    "Email",
    *(c for c in _SHOPIFY_COLUMNS if c not in ("Name", "Phone", "Email")),
]
_SHOPIFY_RENAMED = {"Lineitem compare at price": "Lineitem compare-at price", "Lineitem sku": "Lineitem SKU", "Cancelled at": "Canceled at", "Payment Reference": "Payment Reference (deprecated)", "Payment Terms Name": "Payment terms", "Next Payment Due At": "Next payment due at"}  # fmt: skip

SHOPIFY = [
    ExportFile("shopify orders", "one row per line item, totals on the first only; the order's Name is no customer; a voided order; guarded zips", "orders_export_1.csv", lambda: text(_shopify(_SHOPIFY_COLUMNS), end="\n"), "shopify", "orders", _SHOPIFY_MEANS, _SHOPIFY_VALUES, 3),
    ExportFile("shopify orders, blank addresses", "the e-mail is not repeated on later lines", "orders_export_2.csv", lambda: text(_shopify(_SHOPIFY_COLUMNS, blank_later=True), end="\n"), "shopify", "orders", _SHOPIFY_MEANS, _SHOPIFY_VALUES, 3),
    ExportFile("shopify orders, newer order of columns", "Phone second, renamed headings", "orders_export.csv", lambda: text(_swapped(_shopify(_SHOPIFY_NEWER), _SHOPIFY_RENAMED), end="\n"), "shopify", "orders", {**_SHOPIFY_MEANS, "Canceled at": "cancelled_on", "Lineitem SKU": "product_id"}, _SHOPIFY_VALUES, 3),
    ExportFile(
        "shopify customers", "each part of the address behind two more words; guarded ids and zips", "customers_export.csv",
        lambda: text([["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing", "Default Address Company", "Default Address Address1", "Default Address City", "Default Address Province Code", "Default Address Country Code", "Default Address Zip", "Default Address Phone", "Phone", "Accepts SMS Marketing", "Total Spent", "Total Orders", "Note", "Tax Exempt", "Tags"],
                      ["'6111111", "Ann", "Lee", "ann@gmail.com", "yes", "Lee Ltd", "1 Main St", "Boston", "MA", "US", "'02110", "'+1617", "'+1617", "no", "100.00", "3", "", "no", "vip"], ["'6111112", "Jo", "Voss", "jo@web.de", "no", "", "Weg 2", "Köln", "", "DE", "'50667", "", "", "no", "0.00", "0", "", "no", ""]]),
        "shopify", "customers", {"Customer ID": "account_id", "Default Address Company": "account_name", "Default Address City": "city", "Total Spent": "total_revenue", "Accepts SMS Marketing": None},
        {"account_id": ["6111111", "6111112"], "country": ["United States", "Germany"], "postal_code": ["02110", "50667"], "total_revenue": [100.0, 0.0], "person_name": ["Ann Lee", "Jo Voss"]}, 2,
    ),
    ExportFile(
        "shopify customers, older", "one set of address columns without prefix", "customers_export (1).csv",
        lambda: text([["First Name", "Last Name", "Email", "Company", "Address1", "Address2", "City", "Province", "Province Code", "Country", "Country Code", "Zip", "Phone", "Accepts Marketing", "Total Spent", "Total Orders", "Tags", "Note", "Tax Exempt"],
                      ["Ann", "Lee", "ann@gmail.com", "Lee Ltd", "1 Main St", "", "Boston", "Massachusetts", "MA", "United States", "US", "'02110", "'+1617", "yes", "100.00", "1", "vip", "", "no"], ["Jo", "Voss", "jo@web.de", "", "Weg 2", "", "Köln", "", "", "Germany", "DE", "50667", "", "no", "0.00", "0", "", "", "no"]]),
        "shopify", "customers", {"Company": "account_name", "Province": "region", "Country Code": None}, {"country": ["United States", "Germany"], "postal_code": ["02110", "50667"]}, 2,
    ),
    ExportFile(
        "shopify orders as a workbook", "moments are serial numbers", "orders_export.xlsx",
        lambda: workbook_bytes({"orders_export": [["Name", "Email", "Financial Status", "Paid at", "Currency", "Total", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Billing Country"],
                                                  ["#1", "ann@gmail.com", "paid", 45384.3479, "EUR", 10, 45384.3479, 1, "Mug", 10, "DE"], ["#2", "jo@web.de", "paid", 45400.5, "EUR", 20, 45400.5, 2, "Mug", 10, "AT"]]}),
        "shopify", "orders", {"Name": "order_id"}, {"ordered_on": ["2024-04-02", "2024-04-18"], "amount": [10.0, 20.0]}, 2,
    ),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- WooCommerce

_WOO_PLUGIN = [
    ["order_id", "order_date", "order_status", "customer_id", "billing_first_name", "billing_last_name", "billing_company", "billing_email", "billing_country", "order_total", "order_currency", "payment_method"],
    ["1001", "2024-05-01 10:00:00", "completed", "7", "Ann", "Lee", "", "ann@gmail.com", "US", "29.90", "USD", "stripe"],
    ["1002", "2024-05-02 10:00:00", "failed", "8", "Jo", "Voss", "", "jo@web.de", "DE", "10.00", "EUR", "paypal"],
    ["1003", "2024-05-03 10:00:00", "processing", "8", "Jo", "Voss", "", "jo@web.de", "DE", "12.00", "EUR", "paypal"],
]  # fmt: skip
WOOCOMMERCE = [
    ExportFile(
        "woocommerce analytics", "two revenue columns, counts before product names, no e-mail", "wc-orders-report-export.csv",
        lambda: text([["Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Customer type", "Product(s)", "Items sold", "Coupon(s)", "Net Sales", "Attribution"],
                      ["2024-05-01 10:00:00", "1001", "৳2,999", "completed", "Ann Lee", "returning", "2× Mug, 1× Plate", "3", "", "2999.00", "Direct"],
                      ["2024-05-02 10:00:00", "1002", "৳100", "cancelled", "Jo Voss", "new", "1× Mug", "1", "", "100.00", "Google"]]),
        "woocommerce", "orders", {"Order #": "order_id", "Net Sales": "amount", "Customer": "account_name", "Product(s)": "product", "Attribution": "channel"}, {"amount": [2999.0]}, 1,
    ),
    ExportFile(
        "woocommerce analytics, older", "last column is N. Revenue, no Attribution", "wc-orders-report-export-old.csv",
        lambda: text([["Date", "Order #", "N. Revenue (formatted)", "Status", "Customer", "Customer type", "Product(s)", "Items sold", "Coupon(s)", "N. Revenue"],
                      ["2024-05-01 10:00:00", "1001", "€29.90", "completed", "Ann Lee", "returning", "2× Mug", "2", "", "29.9"], ["2024-05-02 10:00:00", "1003", "€10.00", "completed", "Jo Voss", "new", "1× Mug", "1", "", "10"]]),
        "woocommerce", "orders", {"N. Revenue": "amount", "Order #": "order_id"}, {"amount": [29.9, 10.0]}, 2,
    ),
    ExportFile("woocommerce plugin", "snake case; failed orders do not count", "orders-2024.csv", lambda: text(_WOO_PLUGIN), "woocommerce", "orders", {"order_total": "order_total", "customer_id": "account_id", "billing_email": "email"}, {"amount": [29.9, 12.0]}, 2),
    ExportFile("woocommerce plugin, semicolons and a mark at the start", "delimiter and byte-order mark are the shop's choice", "orders-2024-eu.csv", lambda: text(_WOO_PLUGIN, ";", encoding="utf-8-sig"), "woocommerce", "orders", {"order_total": "order_total"}, {"amount": [29.9, 12.0]}, 2),
    ExportFile(
        "woocommerce plugin, guests and refunds", "all guests are customer 0; what was paid back is taken off; line items in one cell", "orders-guests.csv",
        lambda: text([["order_id", "order_date", "order_status", "customer_id", "billing_email", "billing_country", "order_total", "refunded_total", "order_currency", "line_item_1"],
                      ["901", "2024-05-01 10:00:00", "wc-completed", "0", "ann@gmail.com", "US", "29.90", "9.90", "USD", "name:Mug|quantity:2"],
                      ["902", "2024-05-02 10:00:00", "wc-completed", "0", "jo@web.de", "DE", "12.00", "0", "EUR", "name:Mug|quantity:1"],
                      ["903", "2024-05-03 10:00:00", "wc-refunded", "7", "eva@web.de", "DE", "10.00", "10.00", "EUR", "name:Mug|quantity:1"]]),
        "woocommerce", "orders", {"customer_id": "account_id", "refunded_total": "refunded_amount", "line_item_1": None},
        {"account_id": [None, None], "amount": [20.0, 12.0], "email": ["ann@gmail.com", "jo@web.de"]}, 2,
    ),
    ExportFile(
        "woocommerce plugin, headings in words", "the order's total on each of its lines", "orders-2024-05-13.csv",
        lambda: text([["Order Number", "Order Status", "Order Date", "Customer Note", "First Name (Billing)", "Company (Billing)", "Email (Billing)", "Country Code (Billing)", "Order Subtotal Amount", "Order Refund Amount", "Order Total Amount", "SKU", "Item Name", "Quantity", "Item Cost"],
                      ["55", "Completed", "2024-05-01 10:00", "", "Ann", "Lee GmbH", "ann@lee.de", "DE", "50", "0", "60.00", "M1", "Mug", "2", "15"], ["55", "Completed", "2024-05-01 10:00", "", "Ann", "Lee GmbH", "ann@lee.de", "DE", "50", "0", "60.00", "P1", "Plate", "1", "20"],
                      ["56", "Cancelled", "2024-05-02 10:00", "", "Jo", "", "jo@web.de", "DE", "20", "0", "25.00", "P1", "Plate", "1", "20"]]),
        "woocommerce", "orders", {"Order Number": "order_id", "Order Total Amount": "order_total", "Order Subtotal Amount": None, "Item Name": "product", "First Name (Billing)": None},
        {"amount": [60.0, None], "account_name": ["Lee GmbH", "Lee GmbH"], "country": ["Germany", "Germany"]}, 2,
    ),
    ExportFile("woocommerce plugin as a workbook", "sheet Orders", "orders.xlsx", lambda: workbook_bytes({"Orders": _WOO_PLUGIN}), "woocommerce", "orders", {"order_total": "order_total"}, {"amount": [29.9, 12.0]}, 2),
]  # fmt: skip

# ------------------------------------------------------------------------------------------- QuickBooks, Xero, Chargebee

_QB_TITLE = [["Bright Books LLC", "", "", "", ""], ["Sales by Customer Detail", "", "", "", ""], ["January 1 - August 2, 2020", "", "", "", ""], ["", "", "", "", ""]]  # fmt: skip
_QB_DETAIL = [
    ["", "Date", "Account", "Amount", "Ref #"], ["Quarry Inc", "", "", "", ""], ["", "01/15/2020", "Sales", "1,000.00  ", "101"], ["", "02/20/2020", "Sales", "450.00  ", "102"], ["Total for Quarry Inc", "", "", "$1,450.00  ", ""],
    ["Not Specified", "", "", "", ""], ["", "03/01/2020", "Sales", "20.00  ", "103"], ["Total for Not Specified", "", "", "$20.00  ", ""],
    ["Bettina AG", "", "", "", ""], ["", "03/31/2020", "Sales", "(50.00)", "104"], ["Total for Bettina AG", "", "", "($50.00)", ""], ["TOTAL", "", "", "$1,420.00  ", ""], ["", "", "", "", ""], ["Accrual Basis Sunday, August 2, 2020 09:03 AM GMT", "", "", "", ""],
]  # fmt: skip
_QB_SUMMARY = [["Bright Books LLC", ""], ["Sales by Customer Summary", ""], ["January - August, 2020", ""], ["", ""], ["", "Total"], ["Quarry Inc", "1,450.00  "], ["Bettina AG", "900.50  "], ["Not Specified", "20.00  "], ["Blue Co", "75.00  "], ["TOTAL", "$2,445.50  "], ["", ""], ["Accrual Basis Sunday, August 2, 2020 09:03 AM GMT", ""]]  # fmt: skip

QUICKBOOKS = [
    ExportFile(
        "quickbooks sales by customer detail", "three title rows, an empty heading, the customer alone above its lines, totals below, trailing blanks, pseudo customers", "Bright Books LLC_Sales by Customer Detail.csv",
        lambda: text(_QB_TITLE + _QB_DETAIL), "quickbooks", "orders", {"Date": "ordered_on", "Amount": "amount", "Ref #": "order_id"},
        {"account_name": ["Quarry Inc", "Quarry Inc", "Bettina AG"], "amount": [1000.0, 450.0, -50.0], "ordered_on": ["2020-01-15", "2020-02-20", "2020-03-31"]}, 3,
    ),
    ExportFile(
        "quickbooks sales by customer detail as a workbook", "the same report as XLSX", "Bright Books LLC_Sales by Customer Detail.xlsx",
        lambda: workbook_bytes({"Sales by Customer Detail": [*_QB_TITLE, _QB_DETAIL[0], ["Quarry Inc"], [None, "01/15/2020", "Sales", 1000, "101"], [None, "02/20/2020", "Sales", 450, "102"], ["Total for Quarry Inc", None, None, 1450], ["Bettina AG"], [None, "03/31/2020", "Sales", -50, "104"], ["Total for Bettina AG", None, None, -50], ["TOTAL", None, None, 1400], [], ["Accrual Basis Sunday, August 2, 2020 09:03 AM GMT"]]}),
        "quickbooks", "orders", {"Amount": "amount"}, {"account_name": ["Quarry Inc", "Quarry Inc", "Bettina AG"], "amount": [1000.0, 450.0, -50.0]}, 3,
    ),
    ExportFile(
        "quickbooks sales by customer summary", "one sum per customer; an empty heading beside Total", "Bright Books LLC_Sales by Customer Summary.csv",
        lambda: text(_QB_SUMMARY), "quickbooks", "customers", {"Total": "total_revenue"}, {"account_name": ["Quarry Inc", "Bettina AG", "Blue Co"], "total_revenue": [1450.0, 900.5, 75.0]}, 3,
    ),
    ExportFile(
        "quickbooks sales by customer summary as a workbook", "the same report as XLSX", "Bright Books LLC_Sales by Customer Summary.xlsx",
        lambda: workbook_bytes({"Sales by Customer Summary": [[c or None for c in r] if len(r[1]) == 0 or r[1] == "Total" else [r[0], float(r[1].strip().strip("$").replace(",", ""))] for r in _QB_SUMMARY]}),
        "quickbooks", "customers", {"Total": "total_revenue"}, {"account_name": ["Quarry Inc", "Bettina AG", "Blue Co"]}, 3,
    ),
    ExportFile(
        "quickbooks sales by product", "grouped by product: the customer stands in a column of its own", "Bright Books LLC_Sales by Product_Service Detail.csv",
        lambda: text([["Bright Books LLC"], ["Sales by Product/Service Detail"], ["January - December 2024"], [""], ["", "Date", "Transaction Type", "Num", "Customer", "Qty", "Sales Price", "Amount", "Balance"],
                      ["Seats", *[""] * 8], ["", "01/15/2024", "Invoice", "1001", "Quarry Inc", "10.00", "25.00", "250.00", "250.00"], ["", "02/13/2024", "Credit Memo", "1002", "Bettina AG", "-2.00", "25.00", "-50.00", "200.00"], ["Total for Seats", "", "", "", "", "8.00", "", "$200.00", ""],
                      ["Setup", *[""] * 8], ["", "03/15/2024", "Invoice", "1003", "Bettina AG", "1.00", "100.00", "100.00", "100.00"], ["Total for Setup", "", "", "", "", "1.00", "", "$100.00", ""], ["TOTAL", "", "", "", "", "9.00", "", "$300.00", ""]]),
        "quickbooks", "orders", {"Customer": "account_name", "Amount": "amount"}, {"account_name": ["Quarry Inc", "Bettina AG", "Bettina AG"], "amount": [250.0, -50.0, 100.0]}, 3,
    ),
    ExportFile(
        "quickbooks transactions by customer", "payments and estimates beside the invoices are no sales", "Bright Books LLC_Transaction List by Customer.csv",
        lambda: text([["Bright Books LLC"], ["Transaction List by Customer"], ["January - December 2024"], [""], ["", "Date", "Transaction Type", "Num", "Posting", "Memo/Description", "Account", "Amount"],
                      ["Quarry Inc", *[""] * 7], ["", "01/15/2024", "Invoice", "1001", "Yes", "", "Accounts Receivable", "250.00"], ["", "01/20/2024", "Payment", "", "Yes", "", "Undeposited Funds", "250.00"],
                      ["Bettina AG", *[""] * 7], ["", "02/13/2024", "Invoice", "1002", "Yes", "", "Accounts Receivable", "50.00"], ["", "02/14/2024", "Estimate", "1003", "No", "", "Accounts Receivable", "70.00"]]),
        "quickbooks", "orders", {"Amount": "amount"}, {"account_name": ["Quarry Inc", "Bettina AG"], "amount": [250.0, 50.0]}, 2,
    ),
    ExportFile(
        "quickbooks sales by customer summary by month", "months as headings beside the total", "Bright Books LLC_Sales by Customer Summary (1).csv",
        lambda: text([["Bright Books LLC", "", "", ""], ["Sales by Customer Summary", "", "", ""], ["January - February, 2024", "", "", ""], ["", "", "", ""], ["", "Jan 2024", "Feb 2024", "Total"],
                      ["Quarry Inc", "100.00", "50.00", "150.00"], ["Bettina AG", "20.00", "", "20.00"], ["TOTAL", "$120.00", "$50.00", "$170.00"]]),
        "quickbooks", "customers", {"Total": "total_revenue", "Jan 2024": None, "Feb 2024": None}, {"account_name": ["Quarry Inc", "Bettina AG"], "total_revenue": [150.0, 20.0]}, 2,
    ),
    ExportFile(
        "quickbooks sales by customer detail, amounts as formulas", "an amount is a formula without its value; a group that is no customer", "Bright Books LLC_Sales by Customer Detail (1).xlsx",
        lambda: workbook_bytes({"Sales by Customer Detail": [*_QB_TITLE, _QB_DETAIL[0], ["Quarry Inc"], [None, "01/15/2020", "Sales", "=1000.00", "101"], [None, "02/20/2020", "Sales", "=-50.5", "102"], ["Total for Quarry Inc", None, None, "=SUM(D7:D8)"], ["Multiple Members"], [None, "03/31/2020", "Sales", "=70.00", "104"], ["Total for Multiple Members", None, None, "=D11"], ["TOTAL", None, None, "=D9+D12"]]}),
        "quickbooks", "orders", {"Amount": "amount"}, {"account_name": ["Quarry Inc", "Quarry Inc"], "amount": [1000.0, -50.5]}, 2,
    ),
]  # fmt: skip

_XERO_HEAD = "ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,SAAddressLine1,SACity,SARegion,SAPostalCode,SACountry,InvoiceNumber,Reference,InvoiceDate,DueDate,PlannedDate,Total,TaxTotal,InvoiceAmountPaid,InvoiceAmountDue,InventoryItemCode,Description,Quantity,UnitAmount,Discount,LineAmount,AccountCode,TaxType,TaxAmount,TrackingName1,TrackingOption1,Currency,Type,Sent,Status".split(",")  # fmt: skip
_XERO = [
    {"ContactName": "Quarry BV", "EmailAddress": "ann@quarry.nl", "POCity": "Delft", "POCountry": "Netherlands", "InvoiceNumber": "INV-1", "InvoiceDate": "13/05/2024", "DueDate": "12/06/2024", "Total": "121.00", "TaxTotal": "21.00", "InventoryItemCode": "A", "Description": "Seats", "Quantity": "2", "UnitAmount": "30.00", "LineAmount": "60.00", "Currency": "EUR", "Type": "Sales invoice", "Sent": "Sent", "Status": "Paid"},
    {"ContactName": "Quarry BV", "EmailAddress": "ann@quarry.nl", "POCity": "Delft", "POCountry": "Netherlands", "InvoiceNumber": "INV-1", "InvoiceDate": "13/05/2024", "DueDate": "12/06/2024", "Total": "121.00", "TaxTotal": "21.00", "InventoryItemCode": "B", "Description": "Setup", "Quantity": "1", "UnitAmount": "40.00", "LineAmount": "40.00", "Currency": "EUR", "Type": "Sales invoice", "Sent": "Sent", "Status": "Paid"},
    {"ContactName": "Quarry BV", "EmailAddress": "ann@quarry.nl", "POCountry": "Netherlands", "InvoiceNumber": "CN-1", "InvoiceDate": "03/06/2024", "DueDate": "12/06/2024", "Total": "30.00", "InventoryItemCode": "A", "Description": "Seats", "Quantity": "1", "UnitAmount": "30.00", "LineAmount": "30.00", "Currency": "EUR", "Type": "Sales credit note", "Status": "Paid"},
    {"ContactName": "Bettina AG", "POCountry": "Switzerland", "InvoiceNumber": "INV-2", "InvoiceDate": "14/05/2024", "DueDate": "12/06/2024", "Total": "50.00", "Description": "Seats", "Quantity": "1", "UnitAmount": "50.00", "LineAmount": "50.00", "Currency": "EUR", "Type": "Sales invoice", "Status": "Voided"},
    {"ContactName": "Bettina AG", "POCountry": "Switzerland", "InvoiceNumber": "INV-3", "InvoiceDate": "15/05/2024", "DueDate": "12/06/2024", "Total": "50.00", "Description": "Seats", "Quantity": "1", "UnitAmount": "50.00", "LineAmount": "50.00", "Currency": "EUR", "Type": "Sales invoice", "Status": "Draft"},
]  # fmt: skip
_STARRED = {"ContactName", "InvoiceNumber", "InvoiceDate", "DueDate", "Description", "Quantity", "UnitAmount"}


def _xero(star: bool, without: frozenset[str] = frozenset()) -> bytes:
    head = [f"*{c}" if star and c in _STARRED else c for c in _XERO_HEAD]
    return text([head, *(["" if c in without else row.get(c, "") for c in _XERO_HEAD] for row in _XERO)])


_XERO_VALUES = {"amount": [60.0, 40.0, -30.0], "ordered_on": ["2024-05-13", "2024-05-13", "2024-06-03"], "order_id": ["INV-1", "INV-1", "CN-1"], "account_name": ["Quarry BV"] * 3}  # fmt: skip
XERO = [
    ExportFile("xero sales invoices", "the invoice's total on every line; day first; credit notes; voided and draft ones do not count", "SalesInvoices.csv", lambda: _xero(False), "xero", "orders", {"ContactName": "account_name", "EmailAddress": "email", "LineAmount": "line_amount", "InvoiceNumber": "order_id", "POCountry": "country"}, _XERO_VALUES, 3),
    ExportFile(
        "xero contacts", "ContactName is the company, not a person", "Contacts.csv",
        lambda: text([["*ContactName", "AccountNumber", "EmailAddress", "FirstName", "LastName", "POAddressLine1", "POCity", "PORegion", "POPostalCode", "POCountry", "PhoneNumber", "TaxNumber", "Website", "DueDateSalesDay"],
                      ["Quarry Ltd", "Q1", "ann@quarry.co.uk", "Ann", "Lee", "1 Main St", "London", "", "N1", "United Kingdom", "020 1", "GB1", "quarry.co.uk", "30"], ["Bolt", "B1", "bo@bolt.io", "Bo", "Kim", "", "Leeds", "", "L1", "United Kingdom", "", "", "", "30"]]),
        "xero", "customers", {"*ContactName": "account_name", "AccountNumber": "account_id", "Website": "domain", "TaxNumber": None}, {"city": ["London", "Leeds"], "person_name": ["Ann Lee", "Bo Kim"]}, 2,
    ),
    ExportFile("xero template without totals", "neither a line's amount nor a total: quantity times price", "SalesInvoiceTemplate (1).csv", lambda: _xero(True, frozenset(("Total", "LineAmount"))), "xero", "orders", {"*Quantity": "quantity"}, {"amount": [60.0, 40.0, -30.0]}, 3),
    ExportFile("xero template", "stars before required headings", "SalesInvoiceTemplate.csv", lambda: _xero(True), "xero", "orders", {"*ContactName": "account_name", "*InvoiceNumber": "order_id"}, _XERO_VALUES, 3),
]  # fmt: skip

CHARGEBEE = [
    ExportFile(
        "chargebee subscriptions in an archive", "zip of tables; cancelled with two l; no signature is known: the plain mapper must do", "subscriptions.zip",
        lambda: zip_bytes({"Subscriptions.csv": text([
            ["subscription_id", "customer_id", "customer_company", "status", "activated_at", "cancelled_at", "cancel_reason", "Plan Quantity", "Currency", "Subscription Billing Period", "Current Plan", "Recurring Discount MRR", "Auto-Collection", "Trial End"],
            *([f"S{100 + i}", f"C{20 + i}", f"Quarry {i} Ltd", ("active", "cancelled", "non_renewing", "in_trial")[i % 4], f"2023-0{1 + i % 9}-05", "2024-02-01" if i % 4 == 1 else "", "Too expensive" if i % 4 == 1 else "", "2", "EUR", "1 month", ("basic", "pro")[i % 2], "0", "On", ""] for i in range(12)),
        ])}), None, "subscriptions",
        {"subscription_id": "subscription_id", "customer_id": "account_id", "status": "status", "activated_at": "started_on", "cancelled_at": "cancel_requested_on", "cancel_reason": "cancel_reason", "Current Plan": "plan", "Plan Quantity": "quantity", "Currency": "currency"}, n=12,
    ),
    ExportFile(
        "chargebee subscriptions by the names of its reports", "the end of the billing term is no end of the subscription", "Subscriptions.csv",
        lambda: text([["Subscription Id", "Customer Id", "Customer Company", "Customer Email", "Status", "Current Plan", "Plan Quantity", "Currency", "Subscription Billing Period", "MRR", "Started At", "Current Billing Term Start Date", "Current Billing Term End Date", "Canceled On", "Reason Code"],
                      ["AzZ1", "cb_1", "Quarry", "a@quarry.com", "active", "pro", "2", "EUR", "1 month", "98.00", "2023-01-05", "2024-05-05", "2024-06-05", "", ""], ["AzZ2", "cb_2", "Bettina", "b@bettina.ch", "cancelled", "pro", "1", "EUR", "1 month", "0.00", "2023-02-05", "2024-01-05", "2024-02-05", "2024-02-05", "Too expensive"]]),
        None, "subscriptions", {"Customer Company": "account_name", "Plan Quantity": "quantity", "Current Billing Term End Date": "period_end_on", "Canceled On": "cancel_requested_on", "Reason Code": "cancel_reason"}, {"ended_on": [None, None], "mrr": [98.0, 0.0]}, 2,
    ),
    ExportFile(
        "chargebee subscriptions in the words of its interface", "moments in seconds since 1970; amounts that may be cents are asked", "chargebee.csv",
        lambda: text([["id", "customer_id", "plan_id", "plan_quantity", "plan_unit_price", "billing_period", "billing_period_unit", "currency_code", "status", "started_at", "current_term_start", "current_term_end", "cancelled_at", "cancel_reason", "mrr"],
                      ["AzZ1", "cb_1", "pro", "2", "4900", "1", "month", "EUR", "active", "1672912800", "1714903200", "1717581600", "", "", "9800"], ["AzZ2", "cb_2", "pro", "1", "14700", "3", "month", "EUR", "non_renewing", "1675591200", "1704448800", "1707127200", "1707127200", "not_paid", "4900"]]),
        "chargebee", "subscriptions", {"plan_unit_price": "amount", "billing_period": "interval_count", "current_term_end": "period_end_on"}, {"started_on": ["2023-01-05", "2023-02-05"], "interval_count": [1.0, 3.0]}, 2, says=("or 147.00 counted in cents",),
    ),
]  # fmt: skip

FILES = [*STRIPE, *SHOPIFY, *WOOCOMMERCE, *QUICKBOOKS, *XERO, *CHARGEBEE]
