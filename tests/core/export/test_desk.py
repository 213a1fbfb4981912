"""Where pages are set: nothing of a page stays on the desk, and no two threads share one."""

from threading import Barrier, Thread

import pytest
import typst

from icp_core.export import desk
from icp_core.export.desk import desk_for
from icp_core.export.pdf import one_pager
from icp_core.export.typefaces import typst_fonts
from tests.core.export import sample_profile

DATA = {"page": "{}", "look": "{}"}


def left_on_the_desks() -> list[bytes]:
    return [file.read_bytes() for one in desk._idle for file in one._root.glob("*.json")]


def test_no_word_of_a_page_stays_on_the_desk():
    one_pager(sample_profile.sparse())

    assert left_on_the_desks() and set(left_on_the_desks()) == {b""}


def test_no_word_stays_when_the_page_fails_either():
    with pytest.raises(typst.TypstError), desk_for(DATA, typst_fonts()) as engine:
        engine.compile(format="pdf")

    assert set(left_on_the_desks()) == {b""}


def test_two_threads_at_once_have_a_desk_each_and_few_are_kept():
    fonts, both, seen = typst_fonts(), Barrier(4), []

    def work() -> None:
        with desk_for(DATA, fonts) as engine:
            seen.append(id(engine))
            both.wait(20)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(seen)) == 4
    assert len(desk._idle) == desk._MOST_IDLE
    with desk_for(DATA, fonts) as again:
        assert id(again) in seen
