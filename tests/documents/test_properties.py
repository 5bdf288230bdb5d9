"""What holds for every text: no crash, the same answer each time, honest offsets, layout without meaning."""

from dataclasses import fields, is_dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from documents.draft import DraftPlan, Span
from documents.folding import FOLD
from documents.normal import normalise
from documents.parsing import parse
from documents.shape import to_gold
from documents.source import Source

PIECES = [
    *"一二三、。(（)）:：;；,，.1234567890年月日省市县局厅和等由⼭①—\n\t \u3000",
    "云栖省水利厅", "省财政厅", "各乡镇", "牵头单位：", "责任单位:", "按职责分工负责", "牵头", "配合",
    "2031年6月底前", "达到30%", "关于印发", "的通知", "工作要点", "附件", "序号\t任务\t责任单位\n", "第一条",
    "——", "一是", "名单\n", "列第一位的为牵头单位，下同", "云政发〔2031〕5号", "<BR>", "\r\n",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=90).map("".join) | st.text(max_size=200)
FULL_WIDTH = {ord(half): chr(ord(half) + 0xFEE0) for half in "(),:;0123456789%"}
PLAN = (
    "云栖省水利厅关于印发2031年水利工作要点的通知\n各市水利局:\n现印发给你们。\n云栖省水利厅\n2031年3月1日\n2031年水利工作要点\n"
    "一、水利\n1.修好水渠。6月底前新修30公里。(牵头单位:省水利厅;责任单位:省财政厅、各市(州)政府)\n2.种树。省林业局牵头,省财政厅等部门配合。\n"
)


def parsed(text: str) -> DraftPlan:
    return parse(Source(text=text, format="pasted"))


def pieces_of(found):
    """Everything in a draft that has a place in the source."""
    if is_dataclass(found) and not isinstance(found, Span):
        yield found
        for field in fields(found):
            yield from pieces_of(getattr(found, field.name))
    elif isinstance(found, tuple):
        for one in found:
            yield from pieces_of(one)


def meaning(draft: DraftPlan) -> dict:
    """The draft without places and without what layout alone changes."""

    def bare(value):
        if isinstance(value, dict):
            return {key: bare(one) for key, one in value.items() if key not in ("evidence", "start", "end")}
        if isinstance(value, list):
            return [bare(one) for one in value]
        if isinstance(value, str):
            return "".join(value.translate({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}).split())
        return value

    return bare(to_gold(draft))


@settings(max_examples=60, deadline=None)
@given(texts)
def test_no_text_crashes_it_and_the_answer_is_always_the_same(text):
    assert parsed(text) == parsed(text)


@settings(max_examples=60, deadline=None)
@given(texts)
def test_every_place_slices_to_what_it_claims(text):
    for piece in pieces_of(parsed(text)):
        at = getattr(piece, "at", None)
        if at is None:
            continue
        assert 0 <= at.start <= at.end <= len(text)
        if hasattr(piece, "text"):
            assert text[at.start : at.end] == piece.text
        elif hasattr(piece, "name"):
            # A name leaves out the white space and page numbers that break it, and adds nothing.
            there = iter(normalise(text[at.start : at.end]).text)
            assert all(char in there for char in piece.name.translate(FOLD) if not char.isspace())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=3), min_size=12, max_size=12))
def test_blank_lines_change_nothing(blanks):
    lines = PLAN.split("\n")
    spaced = "".join(f"{line}\n" + "\n" * more for line, more in zip(lines, [*blanks, *[0] * len(lines)], strict=False))

    assert meaning(parsed(spaced)) == meaning(parsed(PLAN))


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(min_value=0, max_value=len(PLAN) - 1)))
def test_full_width_forms_change_nothing(places):
    switched = "".join(char.translate(FULL_WIDTH) if at in places else char for at, char in enumerate(PLAN))

    assert meaning(parsed(switched)) == meaning(parsed(PLAN))
