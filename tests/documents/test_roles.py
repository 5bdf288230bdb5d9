import pytest

from documents.roles import LABEL, label_role, tail_of


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("牵头单位:", "lead"),
        ("市级牵头部门:", "lead"),
        ("主办单位:", "lead"),
        ("牵头及责任单位:", "lead"),
        ("责任单位:", "responsible"),
        ("落实单位:", "responsible"),
        ("完成单位:", "responsible"),
        ("责任科室:", "responsible"),
        ("配合单位:", "cooperate"),
        ("协办单位:", "cooperate"),
        ("协同责任单位:", "cooperate"),
        ("参与单位:", "cooperate"),
    ],
)
def test_a_label_gives_the_role(label, role):
    match = LABEL.match(label)

    assert match
    assert (match.lastgroup, label_role(match.group())) == ("unit", role)


@pytest.mark.parametrize("label", ["责任领导:", "责任人:", "牵头县领导:", "联系人:", "完成时限:", "工作目标:", "备注:"])
def test_a_label_of_people_or_time_names_no_unit(label):
    match = LABEL.match(label)

    assert match
    assert match.lastgroup == "other"


@pytest.mark.parametrize(
    ("words", "role", "name"),
    [
        ("省水利厅按职责分工负责", "shared", "省水利厅"),
        ("省水利厅按照各自职责抓好落实", "shared", "省水利厅"),
        ("省水利厅牵头负责", "lead", "省水利厅"),
        ("省水利厅负责牵头", "lead", "省水利厅"),
        ("省水利厅组织实施", "responsible", "省水利厅"),
        ("省水利厅具体负责", "responsible", "省水利厅"),
        ("省水利厅积极配合", "cooperate", "省水利厅"),
        ("省水利厅参与", "cooperate", "省水利厅"),
    ],
)
def test_the_verb_behind_a_name_gives_the_role(words, role, name):
    found = tail_of(words)

    assert found
    assert (found[0], words[: found[1]]) == (role, name)


def test_a_name_alone_has_no_verb():
    assert tail_of("省水利厅") is None
