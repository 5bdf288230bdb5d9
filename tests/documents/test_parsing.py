"""The whole way: a document in, the JSON of the command line out."""

import json

from documents.shape import to_gold
from tests.documents.drafts import OPENING, plan_of

TEXT = (
    f"{OPENING}1.修好水渠。6月底前新修水渠30公里。（牵头单位：省水利厅；责任单位：省财政厅等部门）\n"
    "2.种好林子。（省林业局负责）\n"
)


def test_the_json_has_the_labels_and_the_evidence():
    shape = to_gold(plan_of(TEXT), file="要点.txt")

    assert json.loads(json.dumps(shape)) == shape
    first = shape["items"][0]
    assert {"file": shape["file"], "title": shape["title"], "kind": shape["kind"], "year": shape["year"]} == {
        "file": "要点.txt",
        "title": "云栖省2031年乡村振兴工作要点",
        "kind": "work_points",
        "year": 2031,
    }
    assert [(unit["name"], unit["role"], unit["evidence"]["rule"]) for unit in first["units"]] == [
        ("省水利厅", "lead", "label_lead"),
        ("省财政厅", "responsible", "label_responsible"),
    ]
    assert [one["name"] for one in first["open_units"]] == ["等部门"]
    assert [one["date"] for one in first["deadlines"]] == ["2031-06-30"]
    assert [(one["value"], one["unit"]) for one in first["targets"]] == [(30, "公里")]
    assert (first["no"], first["section"], first["starts"]) == ("1", "一", "修好水渠。6月底前新修水")


def test_evidence_points_into_the_source():
    shape = to_gold(plan_of(TEXT))

    for item in shape["items"]:
        assert TEXT[slice(*(item["evidence"][key] for key in ("start", "end")))] == item["text"]
        for unit in item["units"]:
            assert TEXT[unit["evidence"]["start"] : unit["evidence"]["end"]] == unit["name"]


def test_an_empty_text_is_no_plan():
    shape = to_gold(plan_of(""))

    assert (shape["trackable"], shape["items"], shape["title"]) == (False, [], None)
    assert shape["importer_says"]
