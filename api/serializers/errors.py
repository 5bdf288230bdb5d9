from rest_framework import serializers


class ErrorReply(serializers.Serializer):
    """What every refusal looks like."""

    code = serializers.CharField(help_text="供程序判断的代码")
    message = serializers.CharField(help_text="可直接显示的说明")
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="字段名 → 说明"
    )
    request_id = serializers.CharField(help_text="报告问题时请提供")
