from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from api.errors import BodyTooLarge

LARGEST = 256 * 1024  # bytes; a full report has about 8 KB


class BoundedJSONParser(JSONParser):
    """JSON of a bounded size: the framework reads whatever comes."""

    def parse(self, stream, media_type=None, parser_context=None):
        length = parser_context["request"].META.get("CONTENT_LENGTH") or "0"  # the server held the body to it
        if int(length) > LARGEST:
            raise BodyTooLarge
        try:
            return super().parse(stream, media_type=media_type, parser_context=parser_context)
        except RecursionError:
            raise ParseError from None
