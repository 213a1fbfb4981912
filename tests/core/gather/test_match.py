"""Whose row is this: sure matches join, likely ones are proposed, and nothing joins on a name alone against evidence."""

from __future__ import annotations

import time
from collections import defaultdict
from random import Random

import pandas as pd
import pyarrow as pa
import pytest

from icp_core.gather.match import match
from tests.core.gather.real_data import shared_file

COLUMNS = (
    "kind",
    "import_id",
    "row",
    "account_id",
    "account_name",
    "domain",
    "email",
    "person_name",
    "city",
    "country",
)


def records(*rows: dict) -> pd.DataFrame:
    """Records typed as dicts; ``kind`` customers, ``import_id`` 1 and the next row unless said."""
    filled = [{"kind": "customers", "import_id": 1, "row": n + 2, **row} for n, row in enumerate(rows)]
    return (
        pd.DataFrame(filled)
        .reindex(columns=[*COLUMNS, "address", "phone"])
        .astype(object)
        .where(lambda f: f.notna(), None)
    )


def customer_of(matching, row: int) -> str:
    return matching.links.set_index("row")["customer_id"][row]


def pairs(labels) -> set[tuple[int, int]]:
    """All pairs of positions with one label."""
    groups: dict = defaultdict(list)
    for position, label in enumerate(labels):
        groups[label].append(position)
    return {(a, b) for members in groups.values() for n, a in enumerate(members) for b in members[n + 1 :]}


def test_organisation_sites_match_precisely_and_proposals_find_most_of_the_rest():
    sites = pd.read_csv(shared_file("entity_matching/csv_example_input_with_true_ids.csv"), dtype=str)
    frame = pd.DataFrame(
        {
            "kind": "customers", "import_id": 1, "row": range(len(sites)), "account_id": None, "account_name": sites["Site name"],
            "domain": None, "email": None, "person_name": None, "city": None, "country": None,
            "address": sites["Address"], "phone": sites["Phone"],
        }
    )  # fmt: skip
    true = pairs(sites["True Id"])
    assert len(true) == 6_608

    found = match(frame)

    by_row = dict(zip(found.links["row"], found.links["customer_id"], strict=True))
    merged = pairs(by_row.get(i, f"none {i}") for i in range(len(sites)))
    members = defaultdict(list)
    for row, customer in by_row.items():
        members[customer].append(row)
    proposed = {
        (min(a, b), max(a, b))
        for left, right in zip(found.proposals["left_id"], found.proposals["right_id"], strict=True)
        for a in members[left]
        for b in members[right]
    }
    assert len(merged & true) / len(merged) >= 0.98
    assert len(merged & true) / len(true) >= 0.55
    both = merged | proposed
    assert len(both & true) / len(true) >= 0.80
    assert len(both & true) / len(both) >= 0.90


def test_the_same_sites_match_when_the_address_stands_in_the_place():
    sites = pd.read_csv(shared_file("entity_matching/csv_example_input_with_true_ids.csv"), dtype=str)
    frame = pd.DataFrame(
        {
            "kind": "customers",
            "import_id": 1,
            "row": range(len(sites)),
            "account_name": sites["Site name"],
            "city": sites["Address"],
        }
    )
    found = match(frame)
    by_row = dict(zip(found.links["row"], found.links["customer_id"], strict=True))
    merged, true = pairs(by_row.get(i, f"none {i}") for i in range(len(sites))), pairs(sites["True Id"])
    assert len(merged & true) / len(merged) >= 0.98
    assert len(merged & true) / len(true) >= 0.55


def test_the_same_id_is_the_same_customer_across_files():
    found = match(records(
        {"account_id": "7310", "account_name": "Nordwind GmbH"},
        {"kind": "deals", "import_id": 2, "account_id": "7310"},
    ))  # fmt: skip
    assert list(found.customers["customer_id"]) == ["7310"]
    assert list(found.links["reason"]) == ["Its own row.", "Same customer id."]


def test_ids_that_lost_their_leading_zeros_in_a_spreadsheet_are_still_the_same_customers():
    crm = [{"account_id": f"{n:05}", "account_name": f"Firm {n} GmbH"} for n in (7, 70, 701)]
    orders = [{"kind": "orders", "import_id": 2, "account_id": n} for n in ("7", "70", "701")]

    found = match(records(*crm, *orders))

    assert list(found.customers["customer_id"]) == ["00007", "00070", "00701"]
    assert set(found.links["reason"][3:]) == {"Same customer id but for leading zeros."}


def test_leading_zeros_count_where_no_list_has_lost_them():
    padded = [{"account_id": n, "account_name": f"Firm {n} GmbH"} for n in ("0007", "00007", "7")]
    assert len(match(records(*padded)).customers) == 3


def test_equal_ids_of_two_systems_are_not_one_customer():
    crm = [
        {"account_id": str(n), "account_name": f"{name} GmbH"}
        for n, name in enumerate(("Nordwind", "Kessler", "Brandt", "Pohl"))
    ]
    shop = [
        {"kind": "orders", "import_id": 2, "account_id": str(n), "account_name": f"{name} Ltd"}
        for n, name in enumerate(("Acme", "Globex", "Initech", "Hooli"))
    ]
    found = match(records(*crm, *shop))
    assert len(found.customers) == 8
    assert found.customers["customer_id"].is_unique


def test_a_company_domain_joins_and_free_mail_does_not():
    found = match(records(
        {"account_id": "1", "account_name": "Nordwind GmbH", "domain": "www.nordwind.de"},
        {"account_id": "2", "account_name": "Kessler KG", "email": "kessler@gmail.com"},
        {"kind": "subscriptions", "import_id": 2, "account_name": "NW Group", "email": "ann@nordwind.de"},
        {"kind": "subscriptions", "import_id": 2, "account_name": "Other Shop", "email": "other@gmail.com"},
    ))  # fmt: skip
    assert customer_of(found, 4) == "1"
    assert customer_of(found, 5) not in ("1", "2")


def test_a_name_without_its_legal_form_joins_when_one_customer_has_it():
    found = match(records(
        {"account_id": "1", "account_name": "Müller & Söhne GmbH", "city": "Kiel", "domain": "mueller.de"},
        {"kind": "orders", "import_id": 2, "account_name": "MUELLER UND SOEHNE"},
        {"kind": "orders", "import_id": 2, "account_name": "Muller & Sohne GmbH & Co. KG"},
    ))  # fmt: skip
    assert customer_of(found, 4) == "1"
    assert (
        found.links.set_index("row")["reason"][4]
        == "Same name after removing the legal form; only one customer has it."
    )


def test_two_legal_forms_of_one_name_in_a_list_are_two_firms_and_asked():
    found = match(records({"account_name": "Alpen Bau GmbH"}, {"account_name": "Alpen Bau AG"}))

    assert len(found.customers) == 2 and len(found.merges) == 0
    assert len(found.proposals) == 1


def test_a_name_that_two_customers_bear_is_asked():
    found = match(records(
        {"account_id": "1", "account_name": "Star Cleaning Ltd", "city": "Leeds", "domain": "starleeds.com"},
        {"account_id": "2", "account_name": "Star Cleaning Inc", "city": "Boston", "domain": "starboston.com"},
        {"kind": "orders", "import_id": 2, "account_name": "Star Cleaning"},
        {"kind": "orders", "import_id": 3, "account_name": "Star Cleaning", "city": "Boston"},
    ))  # fmt: skip
    assert customer_of(found, 4) not in ("1", "2")
    assert customer_of(found, 5) == "2"
    asked = found.proposals[found.proposals["right_id"] == customer_of(found, 4)]
    assert set(asked["left_id"]) == {"1", "2"}


@pytest.mark.parametrize("against", [{"domain": "acme.fr"}, {"city": "Lyon"}, {"country": "France"}])
def test_a_name_never_joins_against_other_evidence(against):
    found = match(records(
        {"account_id": "1", "account_name": "Acme Ltd", "domain": "acme.com", "city": "Leeds", "country": "UK"},
        {"kind": "orders", "import_id": 2, "account_name": "Acme", **against},
    ))  # fmt: skip
    assert len(found.customers) == 2
    assert len(found.proposals) == 1


def test_parents_and_subsidiaries_with_one_domain_stay_apart_and_are_asked():
    found = match(records(
        {"account_id": "1", "account_name": "Acme Logistics GmbH", "domain": "acme.com"},
        {"account_id": "2", "account_name": "Acme Real Estate AG", "domain": "acme.com"},
        {"kind": "orders", "import_id": 2, "account_name": "Acme Real Estate", "email": "x@acme.com"},
        {"kind": "responses", "import_id": 3, "email": "y@acme.com"},
    ))  # fmt: skip
    assert (customer_of(found, 2), customer_of(found, 3), customer_of(found, 4)) == ("1", "2", "2")
    assert customer_of(found, 5) not in ("1", "2")
    assert ("1", "2") in set(zip(found.proposals["left_id"], found.proposals["right_id"], strict=True))


def test_a_firm_typed_twice_with_one_domain_is_one_customer():
    found = match(records(
        {"account_id": "1", "account_name": "Van Ijzelsluis Dakwerken B.V.", "domain": "ijzelsluis.nl"},
        {"account_id": "2", "account_name": "Van Ijzelsluis Dakwerkn BV", "domain": "www.ijzelsluis.nl"},
    ))  # fmt: skip
    assert len(found.customers) == 1
    (merge,) = found.merges.to_dict("records")
    assert (merge["left_id"], merge["right_id"], merge["reason"]) == (
        "1",
        "2",
        "Same web domain and nearly the same name.",
    )


def test_consumers_are_told_by_their_address():
    found = match(records(
        {"kind": "orders", "account_id": None, "email": "Ann@Gmail.com", "person_name": "Ann Lee"},
        {"kind": "orders", "import_id": 2, "email": "ann@gmail.com", "person_name": "A. Lee"},
        {"kind": "orders", "import_id": 2, "email": "bob@gmail.com", "person_name": "Ann Lee"},
    ))  # fmt: skip
    assert sorted(found.customers["customer_id"]) == ["ann@gmail.com", "bob@gmail.com"]


def test_names_that_look_alike_are_proposed_not_joined():
    found = match(records(
        {"account_id": "1", "account_name": "Nordwind Logistik GmbH"},
        {"kind": "orders", "import_id": 2, "account_name": "Nordwind Logistk GmbH"},
    ))  # fmt: skip
    assert len(found.customers) == 2
    (proposal,) = found.proposals.to_dict("records")
    assert (proposal["left_id"], proposal["left_name"], proposal["right_name"]) == (
        "1",
        "Nordwind Logistik GmbH",
        "Nordwind Logistk GmbH",
    )
    assert 0.8 <= proposal["score"] < 1


def test_a_decision_joins_and_is_kept_from_then_on():
    rows = records(
        {"account_id": "1", "account_name": "IBM"},
        {"kind": "orders", "import_id": 2, "account_name": "International Business Machines"},
    )
    other = next(c for c in match(rows).customers["customer_id"] if c != "1")
    found = match(rows, [{"left": "1", "right": other, "verdict": "same"}])
    assert list(found.customers["customer_id"]) == ["1"]
    assert "You said" in found.links["reason"].iloc[1]


def test_a_merge_is_taken_back_by_one_decision():
    rows = records(
        {"account_id": "1", "account_name": "Van Ijzelsluis Dakwerken B.V.", "domain": "ijzelsluis.nl"},
        {"account_id": "2", "account_name": "Van Ijzelsluis Dakwerkn BV", "domain": "www.ijzelsluis.nl"},
    )
    (merge,) = match(rows).merges.to_dict("records")
    found = match(rows, [{"left": merge["left_id"], "right": merge["right_id"], "verdict": "different"}])
    assert sorted(found.customers["customer_id"]) == ["1", "2"]
    assert found.proposals.empty


def test_a_refused_proposal_is_not_shown_again():
    rows = records(
        {"account_id": "1", "account_name": "Nordwind Logistik GmbH"},
        {"kind": "orders", "import_id": 2, "account_name": "Nordwind Logistk GmbH"},
    )
    (proposal,) = match(rows).proposals.to_dict("records")
    assert match(
        rows, [{"left": proposal["left_id"], "right": proposal["right_id"], "verdict": "different"}]
    ).proposals.empty


def test_a_row_that_names_nobody_has_no_link():
    found = match(records({"kind": "orders", "city": "Kiel"}, {"kind": "orders", "account_id": "5"}))
    assert list(found.links["row"]) == [3]


def test_arrow_and_frame_give_the_same_and_the_order_of_rows_changes_no_group():
    random = Random(8)
    rows = [
        {"account_id": str(n), "account_name": f"Firm {n % 40} Ltd", "domain": f"firm{n % 40}.com" if n % 3 else None, "city": random.choice(("Kiel", "Ulm"))}
        for n in range(80)
    ]  # fmt: skip
    rows += [
        {
            "kind": "orders",
            "import_id": 2,
            "account_name": f"FIRM {n % 40}",
            "email": f"x@firm{n % 40}.com" if n % 2 else None,
        }
        for n in range(60)
    ]
    frame = records(*rows)
    first = match(frame)
    table = pa.Table.from_pandas(frame.astype({"import_id": "int64", "row": "int64"}), preserve_index=False)
    pd.testing.assert_frame_equal(first.links, match(table).links, check_dtype=False)
    shuffled = match(frame.sample(frac=1, random_state=3))
    group = {
        row: customer for row, customer in zip(first.links["row"], first.links["customer_id"], strict=True)
    }
    again = {
        row: customer
        for row, customer in zip(shuffled.links["row"], shuffled.links["customer_id"], strict=True)
    }
    same = sum(
        (group[a] == group[b]) == (again[a] == again[b]) for a in list(group)[::7] for b in list(group)[::5]
    )
    assert same >= 0.98 * len(list(group)[::7]) * len(list(group)[::5])


def test_every_record_with_a_name_belongs_to_exactly_one_customer():
    frame = records(
        *[
            {"account_id": str(n), "account_name": f"Firm {n}", "email": f"a@firm{n // 2}.com"}
            for n in range(50)
        ]
    )
    found = match(frame)
    assert found.links["row"].is_unique
    assert len(found.links) == 50
    assert set(found.links["customer_id"]) == set(found.customers["customer_id"])
    assert found.customers["n_records"].sum() == 50


def test_two_thousand_names_against_twenty_thousand_take_seconds():
    random = Random(1)
    parts = "ka lo mi ter van sol bri do ne pra qui ster mar tin ul wex fo gan hel ix jo".split()
    names = [
        "".join(random.choice(parts) for _ in range(4)).title() + random.choice((" GmbH", " Ltd"))
        for _ in range(20_000)
    ]
    rows = [("customers", 1, n, str(n), name, None, None, None, None, None) for n, name in enumerate(names)]
    rows += [
        ("orders", 2, n, None, random.choice(names)[:-7] + "x", None, None, None, None, None)
        for n in range(2_000)
    ]
    start = time.process_time()
    match(pd.DataFrame(rows, columns=list(COLUMNS)))
    assert time.process_time() - start < 8


def test_a_decision_on_a_shared_id_speaks_for_all_rows_that_bear_it():
    rows = records(
        {"account_id": "1", "account_name": "Nordwind GmbH", "domain": "nordwind.de"},
        {"kind": "orders", "import_id": 2, "account_name": "Suedwind", "domain": "nordwind.de"},
        {"kind": "usage", "import_id": 3, "domain": "nordwind.de"},
    )
    assert len(match(rows).customers) == 1
    found = match(rows, [{"left": "1", "right": "nordwind.de", "verdict": "different"}])
    assert customer_of(found, 3) == customer_of(found, 4) == "nordwind.de"


def test_namesakes_in_one_town_with_different_addresses_stay_two_people():
    found = match(records(
        {"account_id": "W1", "person_name": "Anja Kern", "email": "anja.kern1@gmx.de", "city": "Linz"},
        {"account_id": "W2", "person_name": "Anja Kern", "email": "anja.kern2@web.de", "city": "Linz"},
    ))  # fmt: skip
    assert len(found.customers) == 2


def orders_of(names: list[str]) -> pd.DataFrame:
    n = len(names)
    blank = dict.fromkeys(("domain", "email", "person_name", "city"), "")
    return pd.DataFrame(
        {"kind": "orders", "import_id": 1, "row": range(n), "account_id": [f"C{i}" for i in range(n)],
         "account_name": names, "country": "Germany"} | blank
    )  # fmt: skip


def test_names_that_differ_in_their_own_words_are_not_proposed_for_the_words_of_their_trade():
    trade = [
        f"{own} Facility Management GmbH"
        for own in ("Wieselgrund", "Distelgrund", "Ahornhof", "Birkau", "Kiefer")
    ]

    found = match(orders_of([*trade, "Wieselgrunt Facility Management AG"]))

    assert found.proposals[["left_name", "right_name"]].values.tolist() == [
        ["Wieselgrund Facility Management GmbH", "Wieselgrunt Facility Management AG"]
    ]


def test_numbered_names_are_not_proposed_and_cost_no_time():
    started = time.process_time()

    found = match(orders_of([f"Customer number {i}" for i in range(2_000)]))

    assert found.proposals.empty
    assert time.process_time() - started < 5


def test_two_places_in_one_house_with_one_telephone_are_proposed_not_merged():
    where = {"address": "3434 Peachtree Rd", "city": "Atlanta", "phone": "404-237-2700"}
    found = match(
        records(
            {"account_name": "Harrington Cafe", **where},
            {"account_name": "Harrington Dining Room", **where},
            {"account_name": "Harrington Dining Room Atlanta", **where},
        )
    )
    cafe, room, same_room = list(found.links.sort_values("row")["customer_id"])
    assert cafe != room and room == same_room
    assert len(found.proposals)


def test_matching_many_alike_tells_how_far_it_is_and_can_be_stopped_within_each_long_step():
    firms = records(
        *(
            {"account_name": f"Haus {i % 60} Bau {i // 60}", "account_id": f"A{i}", "city": "Köln"}
            for i in range(3000)
        )
    )
    told: list[float] = []

    whole = match(firms, progress=told.append)

    assert told == sorted(told) and told[-1] <= 1
    for low, high in ((0.62, 0.72), (0.85, 0.9), (0.9, 0.92)):
        assert len([share for share in told if low <= share < high]) > 2, (low, high)
    assert len(whole.links) == len(firms)

    def stop(share: float) -> None:
        if share >= 0.65:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        match(firms, progress=stop)
