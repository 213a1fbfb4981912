"""The shape of a cell is told at once, however the cell is made."""

import time

import pytest

from icp_core.gather.cell_types import CODE, LABEL_LENGTH, WORD, cell_type


@pytest.mark.parametrize(
    "unit", ["a", "aB", "a_", "a.", "a b", "1a", "1.", "1,", "-", "jan ", "a-", "a@", "ab."]
)
@pytest.mark.parametrize("end", ["", "1a", "1_1a", "!", "@", "9-9-"])
def test_no_cell_takes_long_to_judge(unit, end):
    text = (unit * LABEL_LENGTH)[: LABEL_LENGTH - len(end)] + end
    started = time.process_time()

    cell_type(text)

    assert time.process_time() - started < 0.1


@pytest.mark.parametrize("text", ["First_Name", "Amount", "Q12", "question_3", "Deal Name", "a.b_c"])
def test_a_name_of_a_column_is_a_word(text):
    assert cell_type(text) == WORD


@pytest.mark.parametrize("text", ["sub_DgLHBDUwnGeHcZNyJB81vW6X", "cus1a2b", "AB-1201", "INV2024-0007"])
def test_an_id_of_letters_and_digits_is_a_code(text):
    assert cell_type(text) == CODE
