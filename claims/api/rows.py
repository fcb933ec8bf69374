"""What lists of the API have in common."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from claims.api.filters import Sorts, keep_asked, ordering
from claims.api.parameters import Parameters


class Rows(ReadOnlyModelViewSet):
    """A list narrowed by its parameters and sorted as asked for, and its rows by id; of both, the
    fields that are asked for. `sort` is the word of `sorts` that holds by default."""

    parameters_class: type[Parameters]
    list_serializer_class: type[serializers.BaseSerializer] | None = None
    sorts: Sorts
    sort: str
    ordering: tuple[str, ...] = ("-id",)  # the columns: as asked for

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.action != "list":
            return queryset
        self.ordering = ordering(self.request, self.sorts, self.sort)
        return self.parameters_class.choose(queryset, **self.parameters_class.of(self.request))

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        if self.action == "list" and self.list_serializer_class:
            return self.list_serializer_class
        return super().get_serializer_class()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_serializer(*args, **kwargs)
        if self.action in ("list", "retrieve"):
            one: Any = getattr(found, "child", found)
            keep_asked(one.fields, self.request)
        return found
