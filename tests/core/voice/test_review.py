"""Decisions on codes and edits of themes: kept in order, taken back, and never reason to read all texts again."""

import numpy as np
import pandas as pd
import pytest

from icp_core.errors import IcpError
from icp_core.facts.catalogue import facts_from_frame
from icp_core.voice import notes, review
from icp_core.voice.codes import suggest
from icp_core.voice.themes import find_themes
from icp_core.voice.verbatims import verbatims
from icp_core.workspace import Workspace

TEXTS = [
    "We waste two hours a week on the payroll export because it has to be typed twice.",
    "When our second branch opened last spring, we started looking for a new tool.",
    "The works council was worried that a planning tool would be used to watch people.",
]


@pytest.fixture
def workspace():
    with Workspace.in_memory() as opened:
        yield opened


@pytest.fixture
def said():
    return verbatims(pd.DataFrame({"customer_id": ["A", "B", "C"], "comment": TEXTS, "nps": [3.0, 9.0, 6.0]}))


@pytest.fixture
def codes(said):
    return suggest(said)


def row_of(codes, code):
    return codes[codes["code"].eq(code)].iloc[0].to_dict()


def test_the_overlay_says_the_same_as_suggesting_anew(workspace, said, codes):
    review.decide_code(workspace, row_of(codes, "pain"), "accepted")
    review.decide_code(workspace, row_of(codes, "trigger"), "rejected")
    review.decide_code(workspace, row_of(codes, "objection"), "changed", new_code="value")
    decisions = review.code_decisions(workspace)

    quick, anew = review.overlaid(codes, decisions), suggest(said, decisions)

    columns = ["sentence_id", "code", "status", "part"]
    pd.testing.assert_frame_equal(
        quick[columns].sort_values(columns, ignore_index=True),
        anew[columns].sort_values(columns, ignore_index=True),
    )


def test_a_code_nobody_knows_is_refused(workspace, codes):
    with pytest.raises(ValueError, match="no such code"):
        review.decide_code(workspace, codes.iloc[0].to_dict(), "changed", new_code="gossip")


def test_the_queue_puts_the_segment_first_and_the_put_off_last(codes):
    first = codes.iloc[-1]["customer_id"]
    later = codes[codes["customer_id"].eq(first)].iloc[0]["sentence_id"]

    plain = review.review_queue(codes)
    led = review.review_queue(codes, first=[first])
    put_off = review.review_queue(codes, first=[first], later=[later])

    assert plain["confidence"].is_monotonic_decreasing
    assert led.iloc[0]["customer_id"] == first
    assert put_off.iloc[-1]["sentence_id"] == later
    assert len(plain) == len(led) == len(put_off)


def test_decided_sentences_leave_the_queue(workspace, codes):
    review.decide_code(workspace, row_of(codes, "pain"), "accepted")

    queue = review.review_queue(review.overlaid(codes, review.code_decisions(workspace)))

    assert len(queue) == len(codes) - 1
    assert set(review.review_queue(codes, code="trigger")["code"]) == {"trigger"}


def test_decisions_do_not_change_what_was_said_but_notes_do(workspace, codes):
    before = review.said_fingerprint(workspace)
    review.decide_code(workspace, row_of(codes, "pain"), "accepted")
    assert review.said_fingerprint(workspace) == before

    notes.add_note(workspace, "They wait for the export.", role="Sales")
    assert review.said_fingerprint(workspace) != before


def test_whose_interview_it_is_changes_what_was_said(workspace):
    before = review.said_fingerprint(workspace)

    workspace.decide(review.INTERVIEW, "talk.vtt", {"roles": {}, "customer_id": "A"})

    assert review.said_fingerprint(workspace) != before


def many(n: int = 40) -> pd.DataFrame:
    about = [
        "the payroll export is slow again",
        "the mobile app crashes at noon",
        "support answers within minutes",
    ]
    where = "harbour depot warehouse kitchen garage workshop office counter tower garden bridge".split()
    when = "monday tuesday wednesday thursday friday morning evening".split()
    return verbatims(
        pd.DataFrame(
            {
                "customer_id": [f"C{i}" for i in range(n)],
                "comment": [f"{about[i % 3]} in the {where[i % 11]} on {when[i % 7]}" for i in range(n)],
            }
        )
    )


def test_edits_of_themes_come_back_in_order_and_one_by_one(workspace):
    found = find_themes(many())
    a, b = found.themes[0].theme_id, found.themes[1].theme_id
    review.edit_theme(workspace, found, {"do": "rename", "theme": a, "name": "Export"})
    review.edit_theme(workspace, found, {"do": "hide", "theme": b})
    review.edit_theme(workspace, found, {"do": "rename", "theme": a, "name": "Tickets"}, of="ticket")

    assert [e["do"] for e in review.theme_edits(workspace)] == ["rename", "hide"]
    assert [e["name"] for e in review.theme_edits(workspace, "ticket")] == ["Tickets"]
    assert review.undo_theme_edit(workspace)["do"] == "hide"
    assert [e["do"] for e in review.theme_edits(workspace)] == ["rename"]
    assert review.undo_theme_edit(workspace, "note") is None


def test_a_quick_edit_shows_what_finding_anew_would_show(workspace):
    texts = many()
    found = find_themes(texts)
    theme = found.themes[0].theme_id
    for edit in ({"do": "rename", "theme": theme, "name": "Export"}, {"do": "hide", "theme": theme}):
        quick = review.edited_at_once(found, edit)
        review.edit_theme(workspace, found, edit)
        anew = find_themes(
            texts, edits=review.theme_edits(workspace), previous=review.remembered_themes(workspace)
        )
        assert [(t.theme_id, t.name) for t in quick.shown()] == [(t.theme_id, t.name) for t in anew.shown()]
        found = quick


def test_merging_is_no_quick_edit():
    found = find_themes(many())

    assert review.edited_at_once(found, {"do": "merge", "themes": ["a", "b"]}) is None


def test_a_renamed_theme_is_found_again_in_a_longer_file(workspace):
    found = find_themes(many(40))
    theme = found.themes[0]
    review.edit_theme(workspace, found, {"do": "rename", "theme": theme.theme_id, "name": "Kept name"})

    notes.add_note(workspace, "Something new was said.", role="Sales")
    longer = find_themes(
        many(60), edits=review.theme_edits(workspace), previous=review.remembered_themes(workspace)
    )

    assert "Kept name" in {t.name for t in longer.themes}


def test_the_best_are_the_top_fifth_by_value():
    facts = facts_from_frame(
        pd.DataFrame({"customer_id": [f"C{i}" for i in range(10)], "ltv": np.arange(10.0)}),
        as_of=pd.Timestamp("2026-01-01").date(),
        outcomes=["ltv"],
    )

    assert review.best_by_value(facts) == {"C8", "C9"}


def test_labels_of_a_text_leave_out_what_was_rejected(workspace, codes):
    pain = row_of(codes, "pain")
    assert review.codes_of_texts(codes)[pain["verbatim_id"]] == "Pain"

    review.decide_code(workspace, pain, "rejected")

    assert pain["verbatim_id"] not in review.codes_of_texts(
        review.overlaid(codes, review.code_decisions(workspace))
    )


# -- notes ---------------------------------------------------------------------------------------------


def test_a_typed_note_is_a_row_like_a_loaded_one(workspace):
    key = notes.add_note(
        workspace, "  They wait\nfor the export. ", role="Sales", customer_id="A", author="Kim"
    )

    table = notes.team_notes(workspace)

    row = table.iloc[0]
    assert (row["note"], row["author_role"], row["customer_id"], row["author"], row["origin"]) == (
        "They wait for the export.",
        "Sales",
        "A",
        "Kim",
        "typed in",
    )
    assert verbatims(notes=table)["kind"].tolist() == ["note"]
    notes.remove_note(workspace, key)
    assert notes.team_notes(workspace).empty


def test_the_same_note_of_a_day_is_kept_once_and_an_empty_one_not_at_all(workspace):
    for _ in range(2):
        notes.add_note(workspace, "They wait for the export.", role="Sales", customer_id="A")

    assert len(notes.typed_notes(workspace)) == 1
    with pytest.raises(IcpError, match="The note is empty"):
        notes.add_note(workspace, "  ", role="Sales")
