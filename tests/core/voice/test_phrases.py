"""Shared and contrasting phrases: counted by people, quoted as they are."""

import numpy as np
import pandas as pd

from icp_core.voice.phrases import contrasting_phrases, shared_phrases


def said(*texts, customers=None):
    customers = customers or [f"c{i}" for i in range(len(texts))]
    return pd.DataFrame(
        {"verbatim_id": [f"v{i}" for i in range(len(texts))], "customer_id": customers, "text": list(texts)}
    )


def test_a_phrase_counts_each_customer_once():
    frame = said(
        "double data entry again", "double data entry", "double data entry", customers=["a", "a", "b"]
    )

    table = shared_phrases(frame)

    row = table.set_index("phrase").loc["double data entry"]
    assert row["n_people"] == 2 and row["n_customers"] == 2


def test_words_of_a_single_customer_are_no_shared_phrase():
    frame = said("lovely green buttons", "lovely green buttons", customers=["a", "a"])

    assert shared_phrases(frame).empty


def test_shorter_phrases_inside_a_longer_one_of_the_same_people_are_left_out():
    table = shared_phrases(said("We copy hours into payroll", "they copy hours into payroll daily"))

    assert table["phrase"].tolist() == ["copy hours into payroll"]


def test_a_long_sentence_said_by_several_is_one_phrase():
    text = "Our tax adviser asks for another export format"

    table = shared_phrases(said(text, text + ".", "Well, " + text.lower()))

    assert table["phrase"].tolist() == ["tax adviser asks for another export format"]


def test_phrases_do_not_cross_the_end_of_a_clause():
    table = shared_phrases(said("too slow, payroll works", "too slow. Payroll works"))

    assert not any("slow payroll" in phrase for phrase in table["phrase"])


def test_contrast_finds_the_planted_words_of_the_best_and_no_others():
    rng = np.random.default_rng(5)
    filler = [
        "invoice",
        "report",
        "login",
        "calendar",
        "export",
        "mobile",
        "training",
        "colour",
        "button",
        "price",
    ]
    texts = [" ".join(rng.choice(filler, 4, replace=False)) for _ in range(120)]
    texts = [t + (" night shift" if i < 40 else "") for i, t in enumerate(texts)]
    frame = said(*texts)

    table = contrasting_phrases(frame, {f"c{i}" for i in range(40)}, most=None)

    assert table.iloc[0]["phrase"] == "night shift" and table.iloc[0]["side"] == "best"
    assert set(table.loc[table["stands"], "phrase"]) == {"night shift"}


def test_contrast_is_symmetric_when_sides_are_swapped():
    frame = said("fast support", "fast support", "slow app", "slow app", "slow app")

    one = contrasting_phrases(frame, {"c0", "c1"}).set_index("phrase")["z"]
    other = contrasting_phrases(frame, {"c2", "c3", "c4"}).set_index("phrase")["z"]

    assert np.allclose(one, -other[one.index])
