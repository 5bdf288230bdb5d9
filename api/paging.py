from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

DEFAULT, LARGEST = 50, 200


class KeysetPages(BasePagination):
    """Pages by key: `?after=` the last id seen, at most `limit` rows. The thousandth page costs what the first does."""

    def paginate_queryset(self, queryset, request, view=None):
        asked = view.query
        limit = asked.get("limit", DEFAULT)
        rows = list(queryset.filter(pk__gt=asked.get("after", 0)).order_by("pk")[: limit + 1])
        self.next = rows[limit - 1].pk if len(rows) > limit else None
        return rows[:limit]

    def get_paginated_response(self, data):
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema):
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": "integer",
                    "nullable": True,
                    "description": "下一页的 after；没有下一页时为 null。",
                },
                "results": schema,
            },
        }


def require_known(given, known) -> None:
    """Refuse names nobody asked for: a misspelt filter must not quietly return everything."""
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValidationError({str(name)[:60]: ["没有这个参数或字段。"] for name in unknown[:20]})
