from rest_framework.viewsets import GenericViewSet

from api.paging import require_known
from api.serializers import PageQuery


class ApiViewSet(GenericViewSet):
    """A set of addresses for one kind of row. `query` holds the checked parameters of the address."""

    lookup_value_regex = "[0-9]{1,18}"
    query_serializer = PageQuery
    query: dict = {}

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        allowed = self.query_serializer if self.action == "list" else None
        self.query = checked_query(request, allowed)

    def filters(self) -> dict:
        """Equalities on columns, from the parameters."""
        return {name: value for name, value in self.query.items() if name not in PageQuery().fields}


def checked_query(request, serializer_class) -> dict:
    if serializer_class is None:
        require_known(request.query_params, ())
        return {}
    query = serializer_class(data=request.query_params.dict())
    query.is_valid(raise_exception=True)
    return query.validated_data
