"""The Data page: drop a file, see what it is, correct it, load it, take it back."""

import pytest

from icp_core.workspace import workspace_path
from pages.components import cached
from tests.core.gather.files import workbook_bytes, zip_bytes

CUSTOMERS = b"""Account ID,Company name,Industry,Employees,Country,Lifetime value
A1,Northwind Cleaning GmbH,Facilities,120,Germany,500
A2,Lakeside Logistics Ltd,Logistics,45,United Kingdom,100
A3,Copperfield Foods,Food,9,Ireland,50
"""
EVIL = b"""Account ID,Company name,Industry,Employees
A1,![x](http://127.0.0.1:9/x.png),<script>alert(1)</script>,120
A2,[click](javascript:alert(1)),**bold**,45
"""


def messages(app):
    return " ".join(
        e.value for kind in ("markdown", "caption", "info", "warning", "error") for e in getattr(app, kind)
    )


def drop(app, name, content, mime="text/csv"):
    app.file_uploader[0].set_value((name, content, mime))
    return app.run()


def press(app, key):
    return app.button(key=key).click().run()


@pytest.fixture
def page(app, open_page):
    return open_page(app, "data")


def test_an_empty_workspace_offers_files_and_sample_data(page):
    assert not page.exception
    assert page.title[0].value == "Data"
    assert [b.key for b in page.button if b.key and b.key.startswith("data.sample_")] == [
        "data.sample_b2b",
        "data.sample_b2c",
    ]
    assert "Take one page with you" in messages(page)


def test_a_dropped_file_is_understood_before_anything_is_loaded(page):
    drop(page, "customers.csv", CUSTOMERS)

    assert not page.exception
    assert "customers" in messages(page) and "3 rows" in messages(page)
    assert "Take one page with you" not in messages(page), "what is next is on the card now"
    assert "Rows read" not in messages(page)


def test_loading_a_file_shows_customers_and_a_reconciliation_that_adds_up(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")

    assert not page.exception
    assert "3 customers" in messages(page)
    assert "Rows read **3** = counted **3**" in messages(page)


def test_undoing_the_only_import_brings_the_empty_page_back(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    press(page, "data.undo_1")

    assert not page.exception
    assert "3 customers" not in messages(page)
    assert page.button(key="data.sample_b2b")


def test_putting_a_file_aside_loads_nothing(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.discard")

    assert not page.exception
    assert not [b for b in page.button if b.key == "data.load"]


def test_one_of_several_files_can_be_put_aside(page):
    page.file_uploader[0].set_value([("a.csv", CUSTOMERS, "text/csv"), ("b.csv", EVIL, "text/csv")])
    page.run()
    next(b for b in page.button if b.label == "Put this file aside").click().run()

    assert not page.exception
    assert "**a.csv**" not in messages(page) and "**b.csv**" in messages(page)
    assert "Put this file aside" not in [b.label for b in page.button], "one button is enough for one file"


CALL = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>{}\n\n00:05.000 --> 00:09.000\n<v Bo>We wait for hours.\n"


def test_interviews_of_an_archive_are_named_loaded_and_known_again(page):
    archive = zip_bytes({"one.vtt": CALL.format("What now?"), "two.vtt": CALL.format("And then?")})
    drop(page, "calls.zip", archive, "application/zip")
    assert "**calls.zip · two.vtt** is an **interview**, 2 turns" in messages(page)
    press(page, "data.load")
    assert "calls.zip · two.vtt" in messages(page), "it stands among the imports"

    drop(page, "calls.zip", archive, "application/zip")

    assert not page.exception
    assert messages(page).count("This very interview is loaded already") == 2
    assert page.button(key="data.load").disabled


def test_many_interviews_of_one_file_do_not_fill_the_page(page):
    archive = zip_bytes({f"call {i}.vtt": CALL.format(f"Question {i}?") for i in range(8)})
    drop(page, "calls.zip", archive, "application/zip")

    assert messages(page).count("is an **interview**") == 5
    assert "And 3 more interviews, 6 turns." in messages(page)


def test_rows_merged_into_one_customer_are_listed_with_their_reason(page):
    drop(page, "whole.csv", CUSTOMERS)
    twice = b"Company name,Domain,City\nHarbour Bakery,harbour.example,Cork\nHARBOUR Bakery Ltd,,Cork\n"
    drop(page, "twice.csv", twice)
    press(page, "data.load")

    files = page.selectbox(key="data.aside_file").options
    aside = next(d.value for d in page.dataframe if "status" in d.value.columns)

    assert not page.exception
    assert files == ["twice.csv"], "files of which every row counts are not offered"
    assert aside[["row", "status"]].values.tolist() == [[3, "Merged"]]
    assert aside["reason"][0].startswith("One customer with row 2. ")


def test_the_user_says_what_a_table_is(page):
    drop(page, "customers.csv", CUSTOMERS)
    box = next(b for b in page.selectbox if b.key.startswith("data.kind_"))
    box.select("prospects").run()

    assert not page.exception
    assert "possible customers" in messages(page) or "prospects" in messages(page)


def test_a_file_that_cannot_be_read_is_a_message_and_the_page_goes_on(page):
    drop(page, "broken.xlsx", b"PK\x03\x04 nothing", "application/octet-stream")

    assert not page.exception
    assert "cannot be read" in messages(page)


def test_hidden_sheets_are_named_and_not_loaded(page):
    def hide(book):
        book["Lists"].sheet_state = "hidden"

    rows = [line.split(",") for line in CUSTOMERS.decode().splitlines()]
    lists = [["Plan", "Price"], ["Basic", 10], ["Pro", 20]]
    drop(page, "book.xlsx", workbook_bytes({"Accounts": rows, "Lists": lists}, prepare=hide))

    assert "“Lists” (2 rows) is hidden in the workbook and left out." in messages(page)
    assert len([box for box in page.selectbox if (box.key or "").startswith("data.kind_")]) == 1

    next(b for b in page.button if b.label == "Take it in").click().run()
    kinds = [box for box in page.selectbox if (box.key or "").startswith("data.kind_")]
    kinds[1].select("customers").run()
    press(page, "data.load")

    assert not page.exception
    assert "book.xlsx · Lists" in messages(page)


def test_uploaded_text_is_never_markup(page):
    drop(page, "customers.csv", EVIL)
    press(page, "data.load")

    assert not page.exception
    shown = messages(page)
    for payload in ("![x](http", "[click](javascript", "<script>"):
        assert payload not in shown


def test_what_was_odd_in_reading_stands_on_the_card(page):
    content = b"Report of May\n\nCompany,Country,Employees\n" + b"".join(
        b"Firm %d,Ireland,%d%s\n" % (i, i + 1, b",call them" if i % 3 == 0 else b"") for i in range(30)
    )
    drop(page, "list.csv", content)

    assert not page.exception
    assert "1 row stands outside the table (row 1); “How it was read” lists them." in messages(page)
    assert "lines have fewer than 4 cells" in messages(page)


def test_accounts_of_which_none_is_a_customer_yet_are_told_from_no_accounts(page):
    deals = b"Opportunity Name,Account Name,Stage,Amount,Close Date\n" + b"".join(
        b"Plan %d,Firm %d Ltd,Proposal,100,2026-01-05\n" % (i, i) for i in range(12)
    )
    drop(page, "opportunities.csv", deals)

    press(page, "data.load")

    assert "The files name 12 companies and people, and none of them counts as a customer" in messages(page)


def test_the_day_of_measurement_can_be_changed(page, home):
    import datetime

    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    page.date_input[0].set_value(datetime.date(2026, 6, 30)).run()

    assert not page.exception
    assert "as of 30 Jun 2026" in messages(page)


def test_the_currency_of_all_figures_is_one_that_exists(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    box = next(b for b in page.selectbox if b.key.startswith("data.currency_"))
    assert "EUR" in box.options and "E" not in box.options

    box.select("CHF").run()

    assert not page.exception and page.selectbox(key="data.currency_CHF").value == "CHF"


def test_what_is_odd_about_an_interview_stands_on_its_card(page):
    talk = b"# Talk\n\nRecorded in May.\n\n**Ann:** What now?\n\n**Break:** ...\n\n**Bo:** We wait for hours.\n\n**Ann:** Why?\n"
    drop(page, "talk.md", talk, "text/markdown")

    assert not page.exception
    assert "“Break” says nothing and is probably not a person." in messages(page)


def test_the_day_of_measurement_follows_newer_data_until_somebody_sets_it(page, home):
    orders = "Order ID,Customer ID,Order date,Total\nO1,A1,2025-02-03,10\nO2,A2,2025-03-04,20\nO3,A3,2025-04-05,30\n"
    drop(page, "orders.csv", orders.encode())
    press(page, "data.load")
    assert "as of 5 Apr 2025" in messages(page)

    drop(
        page, "newer.csv", orders.replace("2025", "2026").replace("O", "P").replace("Prder", "Order").encode()
    )
    press(page, "data.load")
    page.run()

    assert "as of 5 Apr 2026" in messages(page)
    assert "6 orders" in messages(page)


def test_a_file_of_the_same_content_is_said_to_change_nothing(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    drop(page, "again.csv", CUSTOMERS)

    assert not page.exception
    assert "nothing changes" in messages(page)


DATES = b"""Customer ID,Company,Signup date,Country
A1,Northwind Cleaning,02/04/2024,Germany
A2,Lakeside Logistics,03/05/2024,Ireland
A3,Copperfield Foods,04/06/2024,Ireland
"""


def questions_of(page):
    return [b for b in page.button if b.key and b.key.startswith("data.doubt_")]


def loaded(home, sql):
    # The app holds the file open; one process may open it only once.
    open_one = cached.workspace_at(str(workspace_path("My workspace", home)))
    return open_one.cursor().execute(sql).fetchall()


def test_a_date_that_can_be_read_two_ways_is_settled_with_one_click(page, home):
    drop(page, "customers.csv", DATES)
    [day_first, month_first] = questions_of(page)
    assert day_first.label.startswith("2 April") and month_first.label == "4 February"

    month_first.click().run()
    press(page, "data.load")

    assert not page.exception
    [(since,)] = loaded(home, "SELECT customer_since FROM typed_1 WHERE account_id = 'A1'")
    assert since.isoformat() == "2024-02-04"


def test_an_answer_is_remembered_for_the_next_file_of_the_same_shape(page):
    drop(page, "customers.csv", DATES)
    questions_of(page)[1].click().run()
    press(page, "data.load")

    drop(page, "customers-new.csv", DATES.replace(b"02/04/2024", b"07/08/2024"))

    assert not page.exception
    assert "question" not in messages(page)
    assert "1 changed" in messages(page)


def test_an_answer_can_be_taken_back_on_the_card(page):
    drop(page, "customers.csv", DATES)
    questions_of(page)[1].click().run()
    assert [b.proto.type for b in questions_of(page)] == ["secondary", "primary"]

    questions_of(page)[0].click().run()

    assert [b.proto.type for b in questions_of(page)] == ["primary", "secondary"]


def test_rows_that_look_like_tests_are_named_and_can_be_counted(page):
    drop(page, "customers.csv", CUSTOMERS.replace(b"Copperfield Foods", b"TEST Kunde"))
    assert "1 row is left out (line 4)" in messages(page)

    next(b for b in page.button if b.label == "Count it").click().run()
    press(page, "data.load")

    assert "3 customers" in messages(page)


def test_test_rows_of_a_file_loaded_before_can_be_counted_later(page):
    content = CUSTOMERS.replace(b"Copperfield Foods", b"TEST Kunde")
    drop(page, "customers.csv", content)
    press(page, "data.load")
    drop(page, "customers.csv", content)
    assert (
        page.button(key="data.load").disabled and page.button(key="data.load").label == "Nothing new to load"
    )

    next(b for b in page.button if b.label == "Count it").click().run()
    press(page, "data.load")

    assert "3 customers" in messages(page)


def test_a_table_left_out_can_be_taken_in_again(page):
    drop(page, "customers.csv", CUSTOMERS)
    next(b for b in page.selectbox if b.key.startswith("data.kind_")).select("").run()
    assert "is left out" in messages(page)

    next(b for b in page.selectbox if b.key.startswith("data.kind_")).select("customers").run()
    press(page, "data.load")

    assert "3 customers" in messages(page)


def test_a_merge_made_by_itself_is_shown_with_its_reason_and_a_pair_side_by_side(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    orders = b"Order ID,Company,Order date,Amount\nO1,Lakeside Logistics,2025-01-03,10\nO2,Northwind Cleanings,2025-01-04,7\n"
    drop(page, "orders.csv", orders)
    press(page, "data.load")

    assert "Northwind Cleanings" in messages(page) and "1 in orders" in messages(page)
    page.toggle(key="data.show_merges").set_value(True).run()

    assert not page.exception
    merged = next(d.value for d in page.dataframe if "right_name" in d.value.columns)
    assert merged["right_name"].tolist() == ["Lakeside Logistics"]
    assert "Same name" in merged["reason"][0]


def test_two_looked_alike_names_are_joined_by_a_click_and_parted_again(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    drop(page, "orders.csv", b"Order ID,Company,Order date,Amount\nO2,Northwind Cleanings,2025-01-04,7\n")
    press(page, "data.load")
    assert "4 customers" in messages(page)

    next(b for b in page.button if b.label == "Same customer").click().run()
    assert "3 customers" in messages(page)

    assert "Northwind Cleaning GmbH and Northwind Cleanings: one customer" in messages(page)

    next(b for b in page.button if b.key and b.key.startswith("data.undecide_")).click().run()
    assert "4 customers" in messages(page)


def look_at_reading(page):
    look = next(b for b in page.button_group if b.key and b.key.startswith("data.look_"))
    look.set_value("reading").run()


def box(page, name):
    return next(b for b in [*page.selectbox, *page.text_input] if b.key and b.key.startswith(f"data.{name}_"))


def read_that_way(page):
    return [b for b in page.button if b.key and b.key.startswith("data.reread_")]


def test_a_table_can_be_read_again_with_its_header_elsewhere(page):
    drop(page, "customers.csv", b"Export of Monday,,\n" + b"\n".join(CUSTOMERS.splitlines()) + b"\n")
    look_at_reading(page)
    assert not read_that_way(page)  # nothing is changed yet
    box(page, "header").set_value("3").run()
    assert "3 rows" in messages(page)  # shown, not done
    read_that_way(page)[0].click().run()

    assert not page.exception
    assert "2 rows" in messages(page)


@pytest.mark.parametrize(
    ("content", "setting", "value", "columns"),
    [
        (b"a;b,c\nx;y,z\nu;v,w\n", "delimiter", ",", ["a;b", "c"]),
        (b"'a',b\n'x',1\n'u',2\n", "quote", '"', ["'a'", "b"]),
        (b"!a,b\nname,seats\nAnn,1\nBo,2\n", "comment", "!", ["name", "seats"]),
        ("Größe,Straße\n1,x\n2,y\n".encode("cp1252"), "encoding", "cp850", ["Gr÷▀e", "Stra▀e"]),
    ],
)
def test_the_first_rows_follow_each_setting_at_once(page, content, setting, value, columns):
    drop(page, "list.csv", content)
    look_at_reading(page)
    box(page, setting).set_value(value).run()

    assert not page.exception
    assert "Read that way" in messages(page) and read_that_way(page)
    shown = next(list(d.value.columns) for d in page.dataframe if "problem" not in d.value.columns)
    assert [name.split(" (")[0] for name in shown][: len(columns)] == columns


def test_settings_that_cannot_be_are_said_and_nothing_is_changed(page):
    drop(page, "customers.csv", CUSTOMERS)
    look_at_reading(page)
    box(page, "header").set_value("first").run()

    assert not page.exception
    assert "names no rows" in messages(page) and not read_that_way(page)


def test_a_survey_alone_still_shows_its_health(page):
    survey = b"Submitted,How likely are you to recommend us?,Why do you say so?\n2024-03-14,9,\n2024-03-15,3,Slow\n"
    drop(page, "survey.csv", survey)
    press(page, "data.load")

    assert not page.exception
    assert any("Looks odd" in str(d.proto) or "suspicious" in d.value.columns for d in page.dataframe)


def answer_of(page, key):
    return [b for b in page.button if b.key == key]


def test_a_loaded_table_is_corrected_shown_first_and_taken_back(page, home):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    page.selectbox(key="data.correct_table").select(1).run()
    box = next(b for b in page.selectbox if b.key.startswith("data.correct_kind_"))
    box.select("prospects").run()

    assert not page.exception
    assert "What would change" in messages(page)
    assert "3 customers" in messages(page)  # nothing is done yet
    press(page, "data.correct_apply")

    assert not page.exception
    assert "names no customer yet" in messages(page)
    assert "corrected once" in messages(page)
    press(page, "data.correct_undo")

    assert not page.exception
    assert "3 customers" in messages(page)
    assert not answer_of(page, "data.correct_undo")


def test_a_correction_can_be_left(page):
    drop(page, "customers.csv", CUSTOMERS)
    press(page, "data.load")
    page.selectbox(key="data.correct_table").select(1).run()
    box = next(b for b in page.selectbox if b.key.startswith("data.correct_kind_"))
    box.select("prospects").run()
    press(page, "data.correct_drop")

    assert not page.exception
    assert "What would change" not in messages(page) and "3 customers" in messages(page)
    assert next(b for b in page.selectbox if b.key.startswith("data.correct_kind_")).value == "customers"


def test_what_a_row_is_takes_one_click(page):
    unsure = b"Name,City\n" + b"".join(b"Acme %d Ltd,Kiel\n" % n for n in range(30))
    drop(page, "list.csv", unsure)
    button = next(b for b in page.button if b.key.startswith("data.row_"))
    button.click().run()

    assert not page.exception
    assert not [b for b in page.button if b.key and b.key.startswith("data.row_")]
    assert page.button(key="data.load").label == "Load 1 file"


def test_an_interview_alone_leaves_no_empty_tables_and_leads_to_what_was_said(page):
    drop(page, "call.vtt", CALL.format("What now?").encode(), "text/vtt")
    press(page, "data.load")

    assert not page.exception
    assert "What is loaded names no customer yet." in messages(page)
    assert "interviews have no fields to judge" in messages(page)
    assert "No table is loaded that could be corrected." in messages(page)
    assert not [d for d in page.dataframe if d.value.empty]
