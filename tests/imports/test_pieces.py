"""The source cut into blocks and marks, by code points; the numbers above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.models import ImportItem
from imports.pieces import Piece, around, clauses_of, marked, source_view
from imports.stats import number_words, value_of

TEXT = "前言。\n1.修渠𠮷村。（省甲厅牵头，省乙局配合）\n二、管护\n2.护林。\n"
places = st.tuples(st.integers(-5, 60), st.integers(-5, 60))


def made(number: str, words: str, text: str = TEXT) -> ImportItem:
    start = text.index(words)
    return ImportItem(pk=int(number), number=number, title="事项", start=start, end=start + len(words))


@given(st.text(min_size=1, max_size=50), st.lists(places, max_size=6))
def test_pieces_joined_give_the_text_back(text, marks):
    pieces = marked(text, 0, len(text), marks)

    assert "".join(piece.text for piece in pieces) == text
    covered = {place for first, last in marks for place in range(max(first, 0), min(last, len(text)))}
    assert sum(len(piece.text) for piece in pieces if piece.on) == len(covered)


def test_marks_that_touch_are_one():
    assert marked("省甲厅牵头", 0, 5, [(1, 3), (0, 2)]) == [Piece("省甲厅", on=True), Piece("牵头")]


def test_blocks_are_the_items_and_what_stands_between():
    first, second = made("1", "1.修渠𠮷村。（省甲厅牵头，省乙局配合）"), made("2", "2.护林。")
    view = source_view(TEXT, [first, second], second, [(second.start, second.start + 2)])

    shown = [(block.item and block.item.number, "".join(piece.text for piece in block.pieces)) for block in view.blocks]
    assert shown == [
        (None, "前言。"),
        ("1", "1.修渠𠮷村。（省甲厅牵头，省乙局配合）"),
        (None, "二、管护"),
        ("2", "2.护林。"),
    ]
    assert [block.current for block in view.blocks] == [False, False, False, True]
    assert view.blocks[-1].pieces[0] == Piece("2.", on=True)


def test_a_long_stretch_between_items_is_shortened_and_says_so():
    text = f"{'开场白' * 1000}\n1.护林。"
    view = source_view(text, [made("1", "1.护林。", text)], None, [])

    assert "此处略去" in view.blocks[0].pieces[0].text
    assert len(view.blocks[0].pieces[0].text) < 700


def test_clauses_begin_where_a_cut_may_fall():
    item = made("1", "1.修渠𠮷村。（省甲厅牵头，省乙局配合）")
    clauses = clauses_of(TEXT, item)

    assert [clause.text for clause in clauses] == ["1.修渠𠮷村。", "（省甲厅牵头，", "省乙局配合）"]
    assert all(TEXT[clause.at :].startswith(clause.text) for clause in clauses)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (["1", "2", "3"], "序号 1–3 连续"),
        (["（一）", "（二）"], "序号 1–2 连续"),
        (["1", "2", "1", "2"], "各板块分别编号"),
        (["1", "3", "4"], "缺 2"),
        (["1", "2", "2", "3"], "重复 2"),
        (["1", "—"], ""),
        ([], ""),
    ],
)
def test_whether_the_numbers_run_on(numbers, said):
    assert number_words(numbers) == said


@pytest.mark.parametrize(("number", "value"), [("12.", 12), ("第十二条", 12), ("（三）", 3), ("甲", None), ("", None)])
def test_numbers_in_every_dress(number, value):
    assert value_of(number) == value


def test_each_list_of_units_is_a_statement_to_its_brackets():
    text = "1.修渠。（责任单位:县甲局，各乡(镇)政府）护林。（县乙局负责）其他说明。"
    item = made("1", text, text)
    units = [(text.index(name), text.index(name) + 3) for name in ("县甲局", "县乙局")]
    statements = [marked(text, *around(text, item, *place), [place]) for place in units]

    assert ["".join(piece.text for piece in pieces) for pieces in statements] == [
        "责任单位:县甲局，各乡(镇)政府",
        "县乙局负责",
    ]
