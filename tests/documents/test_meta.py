"""Title, issuing body, number, date and year: what the document says, and nothing it does not."""

import pytest

from tests.documents.drafts import plan_of

BODY = "一、修渠。(省水利厅负责)\n二、种树。(省林业局负责)\n"
LETTER = (
    "云栖省人民政府办公厅关于印发2031年水利\n工作要点的通知\n云政办发〔2031〕7号\n各市、县人民政府：\n现印发给你们。\n"
    "云栖省人民政府办公厅\n2031年3月1日\n（此件公开发布）\n2031年水利\n工作要点\n"
)


def squashed(found) -> str | None:
    return "".join(found.text.split()) if found else None


def head_of(text: str) -> tuple:
    draft = plan_of(text)
    return (
        squashed(draft.title),
        squashed(draft.issuer),
        squashed(draft.number),
        draft.issued_on and draft.issued_on.iso,
        draft.year,
    )


def test_the_letter_gives_issuer_number_and_date_and_the_enclosure_the_title():
    assert head_of(LETTER + BODY) == (
        "2031年水利工作要点",
        "云栖省人民政府办公厅",
        "云政办发〔2031〕7号",
        "2031-03-01",
        2031,
    )


def test_what_the_text_does_not_say_is_left_open_and_asked():
    draft = plan_of(
        f"2031年是关键之年，为做好全省水利工作，进一步改善农村生产生活条件，切实保障粮食安全，特制定2031年度工作要点。\n{BODY}"
    )

    assert (draft.title, draft.issuer, draft.number, draft.issued_on) == (None, None, None, None)
    assert draft.year == 2031
    assert [doubt.code for doubt in draft.doubts] == ["no_title", "no_issuer", "no_date"]


@pytest.mark.parametrize("date", ["二〇三一年三月一日", "二○三一年三月一日", "2031 年 3 月 1 日"])
def test_the_date_of_the_signature(date):
    assert plan_of(f"云栖省水利厅2031年工作要点\n{BODY}云栖省水利厅\n{date}\n").issued_on.iso == "2031-03-01"


def test_the_body_that_signed_is_the_issuer():
    draft = plan_of(f"2031年水利工作要点\n{BODY}云栖省水利厅\n2031年3月1日\n")

    assert draft.issuer.text == "云栖省水利厅"
    assert draft.issuer.rule == "issuer_signature"


def test_the_lines_of_a_crawler():
    draft = plan_of(
        f"2031年水利工作要点\n发文机构：云栖省水利厅\n发文字号：云水发〔2031〕9号\n成文日期：2031-03-01\n发布日期：2031-04-02\n{BODY}"
    )

    assert (squashed(draft.title), squashed(draft.issuer), squashed(draft.number)) == (
        "2031年水利工作要点",
        "云栖省水利厅",
        "云水发〔2031〕9号",
    )
    assert draft.issued_on.iso == "2031-03-01"


def test_the_day_a_web_page_was_published_is_not_the_documents_date():
    assert plan_of(f"2031年水利工作要点\n发布日期：2031-04-02\n{BODY}").issued_on is None


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        ("云栖省2031年水利工作要点", []),
        ("云栖省水利工作要点", ["undated"]),
    ],
)
def test_a_month_without_a_year_is_doubted_only_where_no_year_is_stated(head, codes):
    (item,) = plan_of(f"{head}\n一、7月底前修渠,7月底前清淤。(省水利厅负责)\n").items

    assert [doubt.code for doubt in item.doubts] == codes


def test_a_month_that_takes_a_year_from_the_limits_is_doubted():
    (item,) = plan_of("云栖省水利工作要点\n一、2031年6月底前修渠。9月底前清淤。(省水利厅负责)\n").items

    assert [one.date for one in item.deadlines] == ["2031-06-30", "2031-09-30"]
    assert [doubt.code for doubt in item.doubts] == ["year_assumed"]


def test_a_date_that_does_not_exist_is_none():
    assert plan_of(f"云栖省水利厅2031年工作要点\n{BODY}云栖省水利厅\n2031年2月31日\n").issued_on is None


def test_a_remark_behind_the_title_is_no_part_of_it():
    draft = plan_of(f"云栖省水利厅关于做好2031年水利工作的通知-此件于2033年失效。\n各市水利局：\n{BODY}")

    assert squashed(draft.title) == "云栖省水利厅关于做好2031年水利工作的通知"


def test_the_number_of_another_document_is_not_its_own():
    assert (
        plan_of(
            f"2031年水利工作要点\n根据《水利规划》（云政〔2030〕5号），制定本要点，现将有关工作安排如下。\n{BODY}"
        ).number
        is None
    )


def test_the_years_in_a_line_of_their_own_belong_to_the_title():
    assert (
        squashed(plan_of(f"云栖省水利三年行动计划\n（2031—2033年）\n{BODY}").title)
        == "云栖省水利三年行动计划（2031—2033年）"
    )


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("云栖省2031年水利工作要点", 2031),
        ("云栖省水利行动方案（2031—2033年）", 2031),
        ("云栖省水利规划和2045年远景目标任务分工", 2031),
    ],
)
def test_the_year_of_the_plan(title, year):
    assert plan_of(f"{title}\n{BODY}云栖省水利厅\n2031年3月1日\n").year == year


@pytest.mark.parametrize("trail", ["首页>政务公开>政策文件", ">>专题>>重点工作", "当前位置：首页 > 通知公告"])
def test_the_trail_of_a_web_page_is_no_part_of_the_title(trail):
    assert squashed(plan_of(f"{trail}\n云栖省2031年水利工作要点\n{BODY}").title) == "云栖省2031年水利工作要点"


def test_a_body_above_a_title_with_its_own_subject_is_the_issuer():
    draft = plan_of(f"云栖市澄江区人民政府\n澄江区关于改善营商环境的若干措施\n{BODY}")

    assert (squashed(draft.title), squashed(draft.issuer)) == (
        "澄江区关于改善营商环境的若干措施",
        "云栖市澄江区人民政府",
    )


def test_a_date_in_front_of_the_salutation_is_the_date():
    assert plan_of(f"云栖省水利工作方案\n(2031年8月30日)同志们:\n{BODY}").issued_on.iso == "2031-08-30"


@pytest.mark.parametrize(
    "words", ["较2029年下降两成", "到2033年建成水网", "2029年以来建成的", "与2029年相比有提高", "2029年底数不清的"]
)
def test_no_year_is_guessed_from_an_aim_or_a_baseline(words):
    assert plan_of(f"云栖省水利工作方案\n一、修渠,{words}泵站要加固。(省水利厅负责)\n").year is None


@pytest.mark.parametrize("site", ["云栖市人民政府门户网站", "中国·云栖政府网", "云栖市水利局信息公开专栏"])
@pytest.mark.parametrize("order", ["{body}\n{title}\n", "{title}\n{body}\n", "{title}\n{body}\n(2031年3月5日)\n"])
def test_a_body_in_a_line_over_or_under_the_title_is_the_issuer(site, order):
    head = order.format(body="中共云栖市委办公室", title="2031年水利工作要点")
    draft = plan_of(f"{site}\n{head}{BODY}")

    assert (squashed(draft.title), squashed(draft.issuer)) == ("2031年水利工作要点", "中共云栖市委办公室")


def test_a_body_at_the_head_of_a_title_over_two_lines_belongs_to_it():
    draft = plan_of(f"云栖省人民政府办公厅\n关于做好2031年水利工作的通知\n各市水利局:\n{BODY}")

    assert squashed(draft.title) == "云栖省人民政府办公厅关于做好2031年水利工作的通知"
    assert squashed(draft.issuer) == "云栖省人民政府办公厅"


@pytest.mark.parametrize(
    "line", ["2031年3月1日印发", "2031年3月1日(此件公开发布)", "2031年3月1日（公开）", "2031年3月1日)"]
)
def test_words_behind_the_date_of_the_signature_leave_it_a_date(line):
    draft = plan_of(f"2031年水利工作要点\n{BODY}云栖省水利厅\n{line}\n")

    assert (draft.issued_on.iso, draft.issuer.text) == ("2031-03-01", "云栖省水利厅")


def test_who_had_it_printed_is_not_who_issued_it():
    assert plan_of(f"2031年水利工作要点\n{BODY}云栖省水利厅办公室2031年3月2日印发\n").issuer is None


@pytest.mark.parametrize("date", ["2O31年3月?日", "20 31年 3月l日", "二○三一年三月", "2031年13月45日"])
def test_a_date_that_cannot_be_read_still_ends_the_letter(date):
    draft = plan_of(
        "云栖省水利厅关于印发水利工作要点的通知\n各市水利局:\n一、请认真落实,新建5个点。\n二、请按时报送。\n"
        f"附件:1.水利工作要点\n2.任务清单\n云栖省水利厅\n{date}\n水利工作要点\n{BODY}"
    )

    assert (squashed(draft.title), squashed(draft.issuer), draft.issued_on) == ("水利工作要点", "云栖省水利厅", None)
    assert [item.body.text for item in draft.items] == BODY.split()
    assert draft.targets == ()


def test_attachments_below_a_heading_of_their_own_are_no_work():
    draft = plan_of(
        "云栖省水利厅关于印发水利工作要点的通知\n各市水利局:\n现印发给你们。\n附件:\n1.水利工作要点\n2.任务清单\n"
        f"云栖省水利厅\n2031年3月1日\n水利工作要点\n{BODY}"
    )

    assert [item.body.text for item in draft.items] == BODY.split()


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("2031年6月底前修渠,年底前完工", 2031),
        ("2031年9月30日前修渠,到2035年建成水网", 2031),
        ("2031年起3年内修渠", 2031),
        ("2031年6月底前修渠,2032年6月底前架桥", None),
        ("2029年底已达到3条,再修渠", None),
        ("截至2029年6月底前期已完成,再修渠", None),
        ("到2035年底,修渠", None),
        ("力争到2035年修渠", None),
    ],
)
def test_the_year_of_the_limits_is_only_taken_where_they_agree_and_then_doubted(words, year):
    draft = plan_of(f"云栖省水利工作方案\n一、{words}。(省水利厅负责)\n")

    assert draft.year == year
    assert [doubt.code for doubt in draft.doubts if "year" in doubt.code] == (
        ["year_inferred"] if year else ["no_year"]
    )
