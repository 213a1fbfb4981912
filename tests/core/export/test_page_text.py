from hypothesis import given, settings
from hypothesis import strategies as st

from icp_core.export.page_text import mostly_rtl, page_text, plain, without_marks


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.booleans())
def test_nothing_that_can_be_read_is_lost(text, rtl):
    assert without_marks(page_text(text, rtl=rtl)).split() == without_marks(plain(text)).split()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_control_characters_and_overrides_never_reach_the_page(text):
    assert not any(ord(c) < 32 or c in "\u202a\u202b\u202c\u202d\u202e" for c in page_text(text))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_isolates_are_always_closed(text):
    safe = page_text(text, rtl=True)
    assert safe.count("\u2066") + safe.count("\u2067") == safe.count("\u2069")


def test_long_tokens_may_break():
    assert "\u200b" in page_text("x" * 20)
    assert "\u200b" not in page_text("x" * 19)


def test_the_last_short_word_does_not_stand_alone():
    assert page_text("a page that is set well") == "a page that is set\u00a0well"


def test_a_text_is_right_to_left_when_most_of_its_letters_are():
    assert mostly_rtl("שלום ok")
    assert not mostly_rtl("hello של")
    assert not mostly_rtl("123")
