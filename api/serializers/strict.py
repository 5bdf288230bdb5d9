from collections.abc import Mapping

from rest_framework import serializers

from api.paging import require_known


class StrictSerializer(serializers.Serializer):
    """Takes exactly the fields it names: an unknown one is refused by name, never dropped in silence."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            require_known(data, self.fields)
        return super().to_internal_value(data)


class Prose(serializers.CharField):
    """A text that may be empty. Its length is the rule's to judge, with the sentence the form shows too."""

    def __init__(self, **kwargs):
        super().__init__(required=False, allow_blank=True, **kwargs)

    def to_internal_value(self, data):
        # Browsers and the limits count a line break as one character.
        return super().to_internal_value(data).replace("\r\n", "\n")
