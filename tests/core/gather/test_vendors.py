"""Every vendor's export is told by its headings alone, and its traps are read as their facts say."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_core.gather.convert import typed_table
from icp_core.gather.recognise import recognise
from icp_core.gather.vendor_signs import vendor_tables
from icp_core.vocabulary import FIELDS, KINDS
from tests.core.gather.tables import raw_table
from tests.core.gather.vendor_tables import EXPORTS, Export, export


def typed(name: str) -> dict[str, list]:
    """The typed columns of one of the vendor tables."""
    table = export(name).table()
    return typed_table(table, recognise(table)).arrow.to_pydict()


@pytest.mark.parametrize("each", EXPORTS, ids=lambda e: e.name)
def test_each_export_is_recognised_with_no_hint(each: Export):
    found = recognise(each.table())

    assert (found.vendor, found.kind) == (each.vendor, each.kind), found.kind_reason
    assert {name: c.field for c in found.columns if (name := c.name) in each.means} == each.means


@pytest.mark.parametrize("each", EXPORTS, ids=lambda e: e.name)
def test_each_export_types_without_a_problem(each: Export):
    table = each.table()
    result = typed_table(table, recognise(table))

    assert result.problems == []
    assert result.arrow.num_rows + len(result.dropped_rows) + len(result.rejected_rows) == len(each.rows)


def test_vendor_profiles_name_only_fields_and_kinds_that_exist():
    for table in vendor_tables():
        if table.kind is None:
            assert table.about["notes"] and not table.columns, table.name
            continue
        assert table.kind in KINDS
        named = {*table.columns.values(), *(field for _, field in table.patterns)} - {""}
        assert named <= FIELDS[table.kind].keys(), table.name


def test_headings_change_case_and_blanks_between_versions():
    columns = [
        "NAME",
        "email",
        "Financial  status",
        "total",
        "LINEITEM QUANTITY",
        "lineitem name",
        "Lineitem Price",
        "created at",
    ]
    rows = [["#1", "a@b.com", "paid", "10.00", "1", "Mug", "10.00", "2024-05-01 10:00:00 +0000"]]
    assert recognise(raw_table(columns, rows)).vendor == "shopify"


def test_hubspot_internal_values_read_as_their_labels():
    values = typed("hubspot companies, internal names and values")
    assert values["lifecycle"] == ["Marketing Qualified Lead", "Customer"]
    assert values["lead_source"] == ["Organic Search", "Direct Traffic"]
    assert values["industry"] == ["Computer Software", "Construction"]


def test_hubspot_deals_join_companies_by_the_first_associated_id():
    values = typed("hubspot deals")
    assert values["account_id"] == ["7310", "7311", "7312"]
    assert values["is_won"] == [True, False, None]
    assert values["is_closed"] == [True, True, False]


def test_a_wide_hubspot_export_is_recognised():
    each = export("hubspot companies")
    more = [f'Cumulative time in "stage {n}"' for n in range(150)] + [
        f"Custom property {n}" for n in range(150)
    ]
    table = raw_table([*each.columns, *more], [[*row, *[""] * 150, *["x"] * 150] for row in each.rows])
    found = recognise(table)
    assert (found.vendor, found.kind) == ("hubspot", "customers")
    assert found.column_of("domain").name == "Company Domain Name"


def test_salesforce_owner_and_site_are_not_the_account():
    found = recognise(export("salesforce account report").table())
    assert found.column_of("account_name").name == "Account Name"
    assert found.column_of("domain").name == "Website"
    assert found.column_of("owner").name == "Account Owner  ↑"


def test_salesforce_rows_deleted_in_the_system_are_dropped_with_the_reason():
    table = export("salesforce data loader").table()
    result = typed_table(table, recognise(table))
    assert result.arrow.column("account_name").to_pylist() == ["Acme Inc"]
    assert result.dropped_rows == [(3, "Deleted in Salesforce (IsDeleted).")]


def test_salesforce_ids_of_eighteen_letters_are_those_of_fifteen_and_tell_case():
    columns = ["ID", "NAME", "ACCOUNTID", "STAGENAME", "ISWON"]
    rows = [["0065g00000AbCd1AA0", "A", "0015g00000AbCdEAAA", "Closed Won", "true"], ["0065g00000AbCd2", "B", "0015g00000AbCDeAA0", "Closed Won", "true"]]  # fmt: skip
    table = raw_table(columns, rows)
    result = typed_table(table, recognise(table)).arrow
    assert result["account_id"].to_pylist() == ["0015g00000AbCdE", "0015g00000AbCDe"]
    assert result["deal_id"].to_pylist() == ["0065g00000AbCd1", "0065g00000AbCd2"]


@pytest.mark.parametrize(
    ("vendor", "kind", "columns"),
    [
        ("hubspot", "customers", ["Record ID", "Company name"]),
        ("hubspot", "customers", ["Record ID", "Company Domain Name"]),
        ("hubspot", "customers", ["Record ID", "Lifecycle Stage"]),
        ("hubspot", "deals", ["Record ID", "Deal Name"]),
        ("hubspot", "deals", ["hs_object_id", "dealstage"]),
        ("salesforce", "deals", ["Id", "Name", "StageName", "CloseDate"]),
        ("pipedrive", "customers", ["Organization - Name", "Organization - Industry"]),
        ("pipedrive", "customers", ["Organisation - Name", "Person - Name", "Person - Email"]),
        ("pipedrive", "deals", ["Deal - Title", "Deal - Value"]),
        ("pipedrive", "contacts", ["Person - Name", "Person - Email"]),
        ("pipedrive", "prospects", ["Lead - Title", "Lead - Organization", "Lead - Owner"]),
        ("zoho", "customers", ["Record Id", "Account Name", "Website"]),
        ("zoho", "customers", ["Account Name", "Account Owner.id", "Parent Account.id"]),
        ("zoho", "deals", ["Record Id", "Deal Name", "Stage"]),
        ("zoho", "contacts", ["Record Id", "Last Name", "Email"]),
        ("dynamics", "prospects", ["(Do Not Modify) Lead", "(Do Not Modify) Row Checksum", "Company Name"]),
        ("close", "customers", ["lead_name", "primary_contact_primary_email"]),
    ],
)
def test_users_choose_the_columns_so_a_few_are_enough(vendor, kind, columns):
    found = recognise(raw_table(columns, [[f"{name[:4]}{i}" for name in columns] for i in range(9)]))
    assert (found.vendor, found.kind) == (vendor, kind)


@pytest.mark.parametrize(
    "columns",
    [["Company ID", "Company name", "Country"], ["Contact ID", "First Name", "Last Name"], ["Deal ID", "Deal Name", "Stage"], ["Record Id", "Company name"], ["name", "stage_name", "amount"]],
)  # fmt: skip
def test_ids_that_any_list_may_have_are_not_hubspots_by_themselves(columns):
    assert recognise(raw_table(columns, [[str(i), f"Firm {i}", "Germany"] for i in range(9)])).vendor is None


def test_owners_known_by_number_are_not_asked_about():
    columns = ["hs_object_id", "dealname", "dealstage", "hubspot_owner_id", "hs_primary_associated_company"]
    table = raw_table(
        columns, [[str(i), f"D{i}", "closedwon", str(41 + i % 2), str(7310 + i)] for i in range(9)]
    )
    found = recognise(table)
    assert (found.column_of("owner").name, found.column_of("owner").asks) == ("hubspot_owner_id", ())
    assert found.column_of("account_id").name == "hs_primary_associated_company"


def test_the_first_associated_company_stands_in_where_no_primary_one_is_given():
    columns = ["Record ID", "Deal Name", "Associated Company IDs", "Associated Company IDs (Primary)"]
    table = raw_table(columns, [["1", "A", "7311;7399", "7310"], ["2", "B", "7311;7399", ""]])
    assert typed_table(table, recognise(table)).arrow["account_id"].to_pylist() == ["7310", "7311"]


def test_pipedrive_deals_take_the_next_address_where_the_first_is_blank():
    columns = ["Deal - Title", "Deal - Organization", "Person - Email - Work", "Person - Email - Home", "Person - Email - Other"]  # fmt: skip
    table = raw_table(columns, [["A", "Quarry", "ann@quarry.com", "ann@home.net", ""], ["B", "Blue", "", "", "jo@blue.co, info@blue.co"]])  # fmt: skip
    assert typed_table(table, recognise(table)).arrow["email"].to_pylist() == ["ann@quarry.com", "jo@blue.co"]


def test_a_few_columns_of_a_salesforce_report_of_opportunities_are_known():
    columns = ["Opportunity Name", "Account Name", "Stage", "Amount", "Close Date"]
    table = raw_table(columns, [["A", "Quarry, Inc.", "Closed Won", "100", "11/23/2025"]])
    assert (recognise(table).vendor, recognise(table).kind) == ("salesforce", "deals")


@pytest.mark.parametrize("braces", ["{}", "{{{}}}"])
def test_dynamics_ids_are_the_same_with_and_without_braces(braces):
    guid = "aaaa1111-bbbb-2222-cccc-333344445555"
    columns = ["(Do Not Modify) Account", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Account Name"]  # fmt: skip
    table = raw_table(columns, [[braces.format(guid), "x==", "2025-01-01 00:00:00", "Quarry AG"]])
    assert typed_table(table, recognise(table)).arrow["account_id"].to_pylist() == [guid]


def test_a_matrix_report_is_refused_with_the_reason():
    columns = ["Account Owner", "Stage →", "Sum of Amount", "Record Count"]
    table = raw_table(columns, [["Ann", "", "100", "3"]], header=[columns])
    found = recognise(table)
    assert found.kind is None
    assert "Details Only" in found.problems[0].fix


def test_pipedrive_results_come_from_status_and_days_from_winning_or_losing():
    values = typed("pipedrive deals")
    assert values["is_won"] == [True, False, None]
    assert values["closed_on"] == [dt.date(2026, 3, 1), dt.date(2026, 2, 2), None]
    assert values["amount"] == [25000.0, 1250.5, 10.0]
    assert values["email"] == ["ann@acme.com", "jo@beta.ch", None]


def test_the_status_of_a_deal_tells_before_a_stage_that_sounds_like_a_result():
    columns = ["Deal - Title", "Deal - Organization", "Deal - Stage", "Deal - Status"]
    stages = ["Contract signed", "Won by phone", "Demo"]
    rows = [[f"D{i}", f"Firm {i}", stages[i], ("Lost", "Open", "Won")[i]] for i in range(3)]
    table = raw_table(columns, rows)
    result = typed_table(table, recognise(table)).arrow
    assert result["is_won"].to_pylist() == [False, None, True]
    assert result["is_closed"].to_pylist() == [True, False, True]


def test_pipedrive_lists_saved_as_workbooks_keep_their_days():
    columns = ["Deal - Title", "Deal - Value", "Deal - Status", "Deal - Organization", "Deal - Deal created"]
    rows = [["A", "10", "Won", "Acme Inc", "45384.3479"], ["B", "20", "Lost", "Beta AG", "45400"]]
    table = raw_table(columns, rows)
    assert typed_table(table, recognise(table)).arrow["created_on"].to_pylist() == [
        dt.date(2024, 4, 2),
        dt.date(2024, 4, 18),
    ]


def test_stripe_amounts_with_decimal_comma_and_a_cancellation_that_is_not_an_end():
    values = typed("stripe subscriptions, decimal comma")
    assert values["amount"] == [1234.56, 49.0]
    assert values["cancel_requested_on"] == [dt.date(2024, 6, 12), dt.date(2023, 12, 12)]
    assert values["ended_on"] == [None, dt.date(2024, 1, 1)]
    assert values["currency"] == ["EUR", "EUR"]
    assert values["account_name"] == ["Acme Inc", "Beta AG"]
    assert values["interval"] == ["month", "year"]


def test_stripe_payments_count_what_was_kept_in_one_currency():
    values = typed("stripe payments")
    assert values["amount"] == pytest.approx([92.0, 27.6])
    assert values["currency"] == ["EUR", "EUR"]
    table = export("stripe payments").table()
    assert [row for row, _ in typed_table(table, recognise(table)).dropped_rows] == [4]


def test_shopify_totals_count_once_and_the_other_lines_know_their_customer():
    values = typed("shopify orders")
    assert values["order_id"] == ["#1001", "#1001", "#1003"]
    assert values["amount"] == [90.0, None, 20.0]
    assert values["email"] == ["ann@gmail.com", "ann@gmail.com", "jo@web.de"]
    assert values["country"] == ["Germany", "Germany", "Germany"]


def test_shopify_with_blank_and_with_repeated_addresses_means_the_same():
    each = export("shopify orders")
    repeated = [list(row) for row in each.rows]
    repeated[1][1] = "ann@gmail.com"
    sums = []
    for rows in (each.rows, repeated):
        table = raw_table(each.columns, rows)
        arrow = typed_table(table, recognise(table)).arrow
        sums.append((arrow["email"].to_pylist(), arrow["amount"].to_pylist()))
    assert sums[0] == sums[1]


def test_woocommerce_products_lose_their_counts():
    assert typed("woocommerce analytics")["product"] == ["Mug"]


def test_xero_lines_add_up_to_the_invoice_and_credit_notes_are_negative():
    values = typed("xero invoices")
    assert values["amount"] == [60.0, 40.0, -30.0]
    assert values["ordered_on"][0] == dt.date(2024, 5, 13)
    assert "INV-2" not in values["order_id"]


def test_quickbooks_lines_bear_the_name_above_them():
    values = typed("quickbooks sales by customer detail")
    assert values["account_name"] == ["Acme Inc", "Acme Inc", "Beta AG"]
    assert values["amount"] == [1000.0, 450.0, -50.0]
    assert values["ordered_on"][0] == dt.date(2020, 1, 15)


def test_qualtrics_previews_are_dropped_and_questions_keep_their_text():
    table = export("qualtrics, texts").table()
    found = recognise(table)
    result = typed_table(table, found)
    assert [row for row, _ in result.dropped_rows] == [3]
    assert result.arrow["nps"].to_pylist() == [10.0, 7.0]
    assert next(c for c in found.columns if c.name == "Q3").label == "Was möchten Sie tun?"


def test_qualtrics_numeric_status_drops_the_same_rows():
    each = export("qualtrics, texts")
    numeric = [[*row[:2], {"IP Address": "0", "Survey Preview": "1"}[row[2]], *row[3:]] for row in each.rows]
    table = raw_table(each.columns, numeric, header=each.header)
    assert [row for row, _ in typed_table(table, recognise(table)).dropped_rows] == [3]


def test_typeform_guards_are_stripped_and_unanswered_forms_left_out():
    table = export("typeform").table()
    result = typed_table(table, recognise(table))
    assert result.arrow["your_phone"].to_pylist() == ["+56954886178", None]
    assert result.dropped_rows == [(4, "Opened but not answered.")]


def test_google_forms_reads_both_styles_of_time():
    assert typed("google forms, direct csv")["answered_on"][0] == dt.date(2026, 9, 27)
    each = export("google forms, direct csv")
    rows = [["5/13/2026 09:15:00", *row[1:]] for row in each.rows]
    table = raw_table(each.columns, rows)
    assert typed_table(table, recognise(table)).arrow["answered_on"][0].as_py() == dt.date(2026, 5, 13)


def test_microsoft_forms_splits_answers_that_end_with_a_semicolon():
    values = typed("microsoft forms")
    assert values["which_tools_do_you_use"] == [["AGOL", "Cartography"], ["AGOL"], ["Cartography", "Survey"]]
    assert values["email"] == [None, "ann@acme.com", "jo@beta.ch"]
    assert values["answered_on"][0] == dt.date(2026, 7, 27)


def test_zendesk_words_of_satisfaction_are_scores_and_unanswered_ones_blank():
    assert typed("zendesk tickets")["csat"] == [1.0, None, 0.0]


def test_ga4_says_that_it_names_no_customer():
    found = recognise(export("ga4 traffic report").table())
    assert "nothing in this file can be joined" in found.problems[0].problem


def test_dynamics_technical_columns_are_left_out():
    found = recognise(export("dynamics accounts").table())
    assert not next(c for c in found.columns if c.name == "(Do Not Modify) Row Checksum").include
    assert typed("dynamics accounts")["currency"] == ["USD", "EUR"]
