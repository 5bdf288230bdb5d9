"""What may stand behind the question mark."""

from rest_framework import serializers

from api.paging import DEFAULT, LARGEST
from api.serializers.strict import StrictSerializer
from tasks.choices import ReportState

LARGEST_KEY = 2**63 - 1


class Key(serializers.IntegerField):
    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=LARGEST_KEY, required=False, **kwargs)


class PageQuery(StrictSerializer):
    after = Key(help_text="上一页最后一条的 id")
    limit = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, help_text=f"每页条数，默认 {DEFAULT}，最多 {LARGEST}"
    )


class PlanPartQuery(PageQuery):
    plan = Key(help_text="计划 id")


class ReportQuery(PlanPartQuery):
    period = Key(help_text="周期 id")
    item = Key(help_text="事项 id")
    department = Key(help_text="单位 id")
    state = serializers.ChoiceField(choices=ReportState.choices, required=False, help_text="报送状态")
