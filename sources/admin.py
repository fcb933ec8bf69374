"""Publishers and their documents, for looking at; a publisher's own page can be set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Field, URLField
from django.http import HttpRequest

from sources.models import Document, Intake, Publisher

# For addresses typed without a scheme.
HTTPS: dict[type[Field], dict[str, str]] = {URLField: {"assume_scheme": "https"}}


class ConflictFilter(admin.AllValuesFieldListFilter):
    """By short names; what is of no conflict has a name here, too, since it is a link."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or "none"}


@admin.register(Publisher)
class PublisherAdmin(admin.ModelAdmin):
    formfield_overrides = HTTPS
    list_display = ["name", "homepage"]
    search_fields = ["name"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):
    """Nothing in a document is ever changed: the evidence of its claims counts its
    characters."""

    formfield_overrides = HTTPS
    list_display = [
        "__str__",
        "publisher",
        "published",
        "conflict_slug",
        "provenance",
        "ingested_at",
    ]
    list_filter = ["publisher", ("conflict_slug", ConflictFilter), "provenance"]
    list_select_related = ["publisher"]
    search_fields = ["title", "text", "url", "external_id"]
    date_hierarchy = "published"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Intake)
class IntakeAdmin(admin.ModelAdmin):
    """What was brought in, by whom; its texts are seen, and completed, at the bench."""

    list_display = ["at", "way", "publisher", "conflict_slug", "by"]
    list_filter = ["way", ("conflict_slug", ConflictFilter), "by"]
    list_select_related = ["by"]
    search_fields = ["publisher", "items__title", "items__address"]
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
