"""Readings kept in the workspace: the next visit gets the very same, or none."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from icp_core.voice import readings
from icp_core.voice.codes import suggest
from icp_core.voice.themes import find_themes
from icp_core.voice.verbatims import verbatims
from icp_core.workspace import Workspace


@pytest.fixture
def workspace():
    with Workspace.in_memory() as opened:
        yield opened


@pytest.fixture(scope="module")
def texts():
    comments = [
        "We waste two hours a week on the payroll export because it has to be typed twice.",
        "The mobile app is easy and the crew likes the mobile app.",
        "Support answers quickly and the onboarding was friendly.",
        "When our second branch opened we started looking for a new planning tool.",
    ] * 10
    return verbatims(
        pd.DataFrame(
            {
                "customer_id": [None, *(f"c{i}" for i in range(1, 40))],
                "answered_on": [None, *pd.date_range("2026-01-01", periods=39)],
                "comment": comments,
            }
        )
    )


def test_codes_come_back_as_they_were(workspace, texts):
    found = suggest(texts)

    readings.keep_codes(workspace, "key", found)

    again = readings.kept_codes(workspace, "key")
    assert len(again) == len(found) > 10
    blank = again.astype(object).where(again.notna(), None), found.astype(object).where(found.notna(), None)
    assert_frame_equal(*blank, check_dtype=False)


def test_themes_come_back_as_they_were(workspace, texts):
    found = find_themes(texts, edits=[], method="words")

    readings.keep_themes(workspace, "", "key", found)

    again = readings.kept_themes(workspace, "", "key", texts)
    assert again.themes == found.themes and again.names == found.names and again.memory == found.memory
    assert_frame_equal(again.texts, found.texts, check_dtype=False)


def test_a_reading_of_other_texts_is_not_used(workspace, texts):
    readings.keep_themes(workspace, "", "key", find_themes(texts, method="words"))
    readings.keep_codes(workspace, "key", suggest(texts))

    assert readings.kept_codes(workspace, "other key") is None
    assert readings.kept_themes(workspace, "", "other key", texts) is None
    assert readings.kept_themes(workspace, "", "key", texts.iloc[:-1]) is None
