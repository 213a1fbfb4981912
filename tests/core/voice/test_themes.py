"""Themes: found, named, and kept as people edited them."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from sklearn.metrics import normalized_mutual_info_score

from icp_core.errors import IcpError
from icp_core.voice import themes as T
from icp_core.voice.vectors import theme_vectors
from icp_core.voice.verbatims import verbatims

VOC = (Path(__file__).parents[3] / "../shared/data/voc/datasets_phase_1_text_data.csv").resolve()

_TOPICS = {
    "billing": "invoice billing wrong amount charged twice refund payment",
    "speed": "slow loading screen takes minutes performance lag waiting",
    "support": "support team friendly answers quickly phone helpful people",
    "mobile": "mobile phone app android tablet offline crews field",
}


def planted(n, seed=1, start=0):
    """Texts of four topics with a little shared noise; the topic is the truth."""
    rng = np.random.default_rng(seed)
    noise = "good time customer office monday system report".split()
    rows = []
    for i in range(start, start + n):
        topic = list(_TOPICS)[i % 4]
        chosen = list(rng.choice(_TOPICS[topic].split(), 4, replace=False)) + list(rng.choice(noise, 1))
        rows.append(
            {"verbatim_id": f"v{i}", "customer_id": f"c{i % 30}", "text": " ".join(chosen), "topic": topic}
        )
    return pd.DataFrame(rows)


def topic_of(found, frame, topic):
    """The theme most texts of a topic are in."""
    ids = frame.loc[frame["topic"] == topic, "verbatim_id"]
    return found.texts.set_index("verbatim_id").loc[ids, "theme_id"].mode()[0]


def test_planted_topics_come_back_and_are_named_by_their_words():
    frame = planted(160)

    found = T.find_themes(frame, k=4, method="words")

    truth = frame.set_index("verbatim_id").loc[found.texts["verbatim_id"], "topic"]
    assert normalized_mutual_info_score(truth, found.texts["theme_id"]) > 0.9
    for theme in found.themes:
        topic = truth[(found.texts["theme_id"] == theme.theme_id).to_numpy()].mode()[0]
        assert any(word in _TOPICS[topic] for word in theme.phrases[0].split())


def test_the_same_texts_give_the_same_themes():
    frame = planted(120)

    one, other = (T.find_themes(frame, method="words") for _ in range(2))

    assert one.frame().equals(other.frame()) and one.texts.equals(other.texts)


def test_every_text_that_says_something_is_counted_once():
    frame = pd.concat(
        [planted(60), pd.DataFrame({"verbatim_id": ["x", "y"], "customer_id": "z", "text": ["n/a", "none"]})]
    )

    found = T.find_themes(frame, method="words")

    assert found.left_out == 2
    assert sum(theme.n_texts for theme in found.themes) + (found.texts["theme_id"] == T.OTHER).sum() == 60


def test_a_nameless_respondent_is_one_person_however_much_is_answered():
    answers = pd.DataFrame(
        {
            "comment": ["The invoice is wrong"] * 6,
            "miss": ["Nothing works on the invoice"] * 6,
            "customer_id": None,
        }
    )
    question = SimpleNamespace(name="miss", label="What would you miss?", kind="text")

    found = T.find_themes(verbatims(answers, questions=[question]), k=1, method="words")

    assert len(found.texts) == 12 and found.themes[0].n_people == 6


def test_rename_and_merge_survive_a_longer_file():
    frame = planted(160)
    first = T.find_themes(frame, k=4, method="words")
    billing, speed = topic_of(first, frame, "billing"), topic_of(first, frame, "speed")
    support = topic_of(first, frame, "support")
    edits = [
        {"do": "rename", "theme": support, "name": "People who help"},
        {"do": "merge", "themes": [billing, speed], "name": "Money and time"},
    ]
    longer = pd.concat([planted(80, seed=9, start=1000), frame], ignore_index=True)

    again = T.find_themes(longer, k=4, edits=edits, previous=first.memory, method="words")

    names = {theme.name for theme in again.themes}
    assert {"People who help", "Money and time"} <= names and len(again.themes) == 3
    assert again.names[topic_of(again, longer, "support")] == "People who help"
    assert topic_of(again, longer, "billing") == topic_of(again, longer, "speed") == billing
    new = longer[longer["verbatim_id"].str.len() > 4]
    assert again.names[topic_of(again, new, "support")] == "People who help"


def test_split_parts_a_theme_and_keeps_its_parts_in_a_longer_file():
    frame = planted(160)
    first = T.find_themes(frame, k=1, method="words")
    edit = [{"do": "split", "theme": first.themes[0].theme_id, "into": 4}]
    parted = T.find_themes(frame, k=1, edits=edit, method="words")
    longer = pd.concat([frame, planted(40, seed=4, start=500)], ignore_index=True)

    again = T.find_themes(longer, k=1, edits=edit, previous=parted.memory, method="words")

    assert len(parted.themes) == 4
    before = parted.texts.set_index("verbatim_id")["theme_id"]
    after = again.texts.set_index("verbatim_id")["theme_id"][before.index]
    assert (before == after).mean() > 0.9


def test_a_moved_text_stays_where_it_was_put_and_a_hidden_theme_is_not_shown():
    frame = planted(80)
    first = T.find_themes(frame, method="words")
    edits = [
        {"do": "move", "verbatim_ids": ["v0"], "theme": "mine", "name": "My own"},
        {"do": "hide", "theme": first.themes[0].theme_id},
    ]

    found = T.find_themes(frame, edits=edits, method="words")

    assert found.texts.set_index("verbatim_id").loc["v0", "theme_id"] == "mine"
    assert first.themes[0].theme_id not in {theme.theme_id for theme in found.shown()}
    assert "My own" in {theme.name for theme in found.themes}


def test_labels_teach_the_other_texts():
    frame = planted(200)
    first = T.find_themes(frame, k=2, method="words")
    edits = [{"do": "move", "verbatim_ids": [f"v{i}"], "theme": frame["topic"][i]} for i in range(80)]

    taught = T.find_themes(frame, k=2, edits=edits, method="words")

    rest = frame["verbatim_id"][80:]
    placed = taught.texts.set_index("verbatim_id").loc[rest, "theme_id"].to_numpy()
    assert (placed == frame["topic"][80:].to_numpy()).mean() > 0.9
    assert len(first.themes) == 2


def test_an_edit_of_a_theme_that_is_gone_waits_unseen():
    found = T.find_themes(planted(40), edits=[{"do": "rename", "theme": "gone", "name": "X"}], method="words")

    assert "X" not in {theme.name for theme in found.themes}


def test_an_unknown_edit_is_refused_in_words():
    with pytest.raises(IcpError, match="no edit of themes"):
        T.find_themes(planted(40), edits=[{"do": "burn", "theme": "x"}], method="words")


@pytest.mark.parametrize(
    "texts", [[], ["n/a"], ["Good"], ["alpha beta", "gamma delta"], ["same words here"] * 30]
)
def test_few_or_equal_texts_do_not_break(texts):
    frame = pd.DataFrame(
        {"verbatim_id": [str(i) for i in range(len(texts))], "customer_id": None, "text": texts}
    )

    found = T.find_themes(frame, method="words")

    assert len(found.texts) + found.left_out == len(texts)


@pytest.mark.skipif(not VOC.exists(), reason="../shared/data/voc is absent")
@pytest.mark.parametrize(("method", "least"), [("words", 0.14), ("meaning", 0.20)])
def test_themes_of_patient_comments_agree_with_the_human_labels(method, least):
    if method == "meaning" and not T.can_read_meaning():
        pytest.skip("the extra “themes” is not installed")
    whole, agreed = pd.read_csv(VOC), []
    for seed in range(3):
        voc = whole.sample(3000, random_state=seed)
        ids = voc.index.astype(str)
        frame = pd.DataFrame({"verbatim_id": ids, "customer_id": None, "text": voc["feedback"]})

        found = T.find_themes(frame, k=12, method=method)

        placed = found.texts.set_index("verbatim_id")["theme_id"].reindex(ids)
        said = placed.notna().to_numpy()  # non-answers have no theme
        agreed.append(normalized_mutual_info_score(voc["label"][said], placed[said]))
    assert np.mean(agreed) >= least


@pytest.mark.skipif(not VOC.exists(), reason="../shared/data/voc is absent")
@pytest.mark.parametrize("method", ["words", "meaning"])
def test_every_edited_theme_of_real_comments_is_still_there_when_the_file_has_doubled(method):
    if method == "meaning" and not T.can_read_meaning():
        pytest.skip("the extra “themes” is not installed")
    voc = pd.read_csv(VOC)["feedback"]
    frame = pd.DataFrame({"verbatim_id": voc.index.astype(str), "customer_id": None, "text": voc})
    first = T.find_themes(frame[:900], method=method)
    ids = [theme.theme_id for theme in first.themes]
    edits = [{"do": "rename", "theme": theme, "name": f"Ours {i}"} for i, theme in enumerate(ids)]
    edits += [{"do": "merge", "themes": ids[2:4], "name": "Together"}, {"do": "split", "theme": ids[0]}]
    edited = T.find_themes(frame[:900], edits=edits, method=method)

    again = T.find_themes(frame[:2000], edits=edits, previous=edited.memory, method=method)

    assert set(ids) - {ids[0], ids[3]} | {f"{ids[0]}.1", f"{ids[0]}.2"} <= {t.theme_id for t in again.themes}
    assert again.names[ids[2]] == "Together"
    before = edited.texts.set_index("verbatim_id")["theme_id"]
    before = before[before != T.OTHER]
    after = again.texts.set_index("verbatim_id")["theme_id"][before.index]
    assert (before == after).all()
    grown = again.texts["theme_id"].value_counts()
    assert (grown[before.unique()] >= before.value_counts()[before.unique()]).all()


@pytest.mark.skipif(not T.can_read_meaning(), reason="the extra “themes” is not installed")
def test_rename_and_merge_by_meaning_survive_a_longer_file():
    frame = planted(160)
    first = T.find_themes(frame, k=4, method="meaning")
    billing, speed = topic_of(first, frame, "billing"), topic_of(first, frame, "speed")
    edits = [{"do": "merge", "themes": [billing, speed], "name": "Money and time"}]
    longer = pd.concat([planted(80, seed=9, start=1000), frame], ignore_index=True)

    again = T.find_themes(longer, k=4, edits=edits, previous=first.memory, method="meaning")

    assert "Money and time" in {theme.name for theme in again.themes}
    assert again.names[topic_of(again, longer, "speed")] == "Money and time"


def test_texts_drawn_to_their_neighbours_part_topics_that_tone_alone_does_not():
    rng = np.random.default_rng(0)
    topic = np.repeat(np.arange(4), 30)
    tone = 0.35 * rng.normal(size=(120, 8))
    meaning = np.hstack([tone, 0.5 * np.eye(4)[topic]]).astype(np.float32)
    meaning /= np.linalg.norm(meaning, axis=1, keepdims=True)
    words = sp.csr_matrix(np.eye(4, dtype=np.float32)[topic])
    same = topic[:, None] == topic[None, :]

    points = theme_vectors(meaning, words)

    before, after = meaning @ meaning.T, points @ points.T
    apart = [alike[same].mean() - alike[~same].mean() for alike in (before, after)]
    assert np.allclose(np.linalg.norm(points, axis=1), 1, atol=1e-5)
    assert apart[0] < 0.3 and apart[1] > 2 * apart[0]
