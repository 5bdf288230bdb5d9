import random

from tasks.diff import marked


def test_a_number_changes_as_a_whole():
    assert marked("累计完成投资30100万元。", "累计完成投资32000万元。") == (
        [("same", "累计完成投资"), ("add", "30100"), ("same", "万元。")],
        [("same", "累计完成投资"), ("gone", "32000"), ("same", "万元。")],
    )


def test_without_an_earlier_text_everything_is_added():
    assert marked("两县开工。", "") == ([("add", "两县开工。")], [])


def test_equal_texts_carry_no_marks():
    assert marked("两县开工。", "两县开工。") == ([("same", "两县开工。")], [("same", "两县开工。")])


def test_a_lone_common_character_between_changes_is_not_picked_out():
    new, old = marked("甲乙的丙丁", "子丑的寅卯")

    assert (new, old) == ([("add", "甲乙的丙丁")], [("gone", "子丑的寅卯")])


def test_parts_give_both_texts_back():
    letters = random.Random(7)
    for _ in range(200):
        new, old = ("".join(letters.choices("甲乙丙，。12.%\n ab", k=letters.randint(0, 40))) for _ in range(2))

        parts = marked(new, old)

        assert ["".join(text for _, text in side) for side in parts] == [new, old]


def test_markup_stays_text():
    assert marked("<b>", "")[0] == [("add", "<b>")]
