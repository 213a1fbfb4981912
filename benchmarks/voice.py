"""How good and how fast themes are, and how long 20,000 answers take: first reading, then a new visit.

python -m benchmarks.voice                    # speed, on made-up answers
python -m benchmarks.voice COMMENTS.csv       # with columns feedback and label: agreement with people's labels
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.made_answers import survey_csv
from icp_core.facts import store
from icp_core.gather import load
from icp_core.gather.parse import read_in_process
from icp_core.voice import collect, readings
from icp_core.voice.codes import suggest
from icp_core.voice.phrases import shared_phrases
from icp_core.voice.themes import find_themes
from icp_core.voice.vectors import can_read_meaning
from icp_core.workspace import Workspace

_ANSWERS, _LABELLED, _DRAWS, _THEMES = 20_000, 3000, 4, 12


def timed(what: str, make: Callable[[], Any]) -> Any:
    began, cpu = time.perf_counter(), time.process_time()
    made = make()
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    print(f"{what:<58}{wall:7.2f} s   processor {used:6.2f} s")  # noqa: T201
    return made


def answers(methods: list[str]) -> None:
    """A first reading of 20,000 answers, and what a new visit has to do instead."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.csv"
        path.write_text(survey_csv(_ANSWERS), encoding="utf-8")
        home = Path(folder) / "w.duckdb"
        with Workspace.open(home) as workspace:
            reading = read_in_process(path)
            load.import_preview(workspace, load.preview_reading(workspace, path, path.name, reading))
            store.refresh(workspace)
            texts = timed("texts out of the workspace", lambda: collect.everything_said(workspace))
            codes = timed("codes, first reading", lambda: suggest(texts))
            readings.keep_codes(workspace, "key", codes)
            for method in methods:
                found = timed(
                    f"themes by {method}, first reading", lambda m=method: find_themes(texts, method=m)
                )
                readings.keep_themes(workspace, method, "key", found)
            timed("phrases", lambda: shared_phrases(texts))
        with Workspace.open(home) as workspace:
            began = time.perf_counter()
            texts = timed("new visit: texts", lambda: collect.everything_said(workspace))
            timed("new visit: codes", lambda: readings.kept_codes(workspace, "key"))
            timed("new visit: themes", lambda: readings.kept_themes(workspace, methods[0], "key", texts))
            print(
                f"new visit, together {time.perf_counter() - began:.2f} s; {len(texts):,} texts, {len(codes):,} codes"
            )  # noqa: T201


def labelled(path: Path, methods: list[str]) -> None:
    """Agreement of themes with people's labels (NMI), and texts a second, over several draws."""
    from sklearn.metrics import normalized_mutual_info_score

    whole = pd.read_csv(path)
    for method in methods:
        agreed, agreed_all, speed = [], [], []
        for seed in range(_DRAWS):
            draw = whole.sample(min(_LABELLED, len(whole)), random_state=seed)
            frame = pd.DataFrame(
                {"verbatim_id": draw.index.astype(str), "customer_id": None, "text": draw["feedback"]}
            )
            began = time.perf_counter()
            found = find_themes(frame, k=_THEMES, method=method)
            speed.append(len(frame) / (time.perf_counter() - began))
            placed = found.texts.set_index("verbatim_id")["theme_id"].reindex(frame["verbatim_id"])
            said = placed.notna().to_numpy()
            agreed.append(normalized_mutual_info_score(draw["label"][said], placed[said]))
            agreed_all.append(normalized_mutual_info_score(draw["label"], placed.fillna("nothing said")))
        print(  # noqa: T201
            f"{method:<8} NMI of texts that say something {np.mean(agreed):.3f} ({min(agreed):.3f}–{max(agreed):.3f}), "
            f"with non-answers as a group {np.mean(agreed_all):.3f}; texts a second, each draw: "
            + ", ".join(f"{s:,.0f}" for s in speed)
        )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("comments", nargs="?", type=Path)
    chosen = arguments.parse_args()
    known = ["words", *(["meaning"] if can_read_meaning() else [])]
    if chosen.comments:
        labelled(chosen.comments, known)
    else:
        answers(known[::-1])
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")  # noqa: T201
