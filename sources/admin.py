"""Publishers and their documents, for looking at; a publisher's own page can be set."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Field, URLField
from django.http import HttpRequest

from sources.models import Document, Publisher

# For addresses typed without a scheme.
HTTPS: dict[type[Field], dict[str, str]] = {URLField: {"assume_scheme": "https"}}


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
    list_display = ["title", "publisher", "published", "conflict_slug", "provenance", "ingested_at"]
    list_filter = ["publisher", "conflict_slug", "provenance"]
    list_select_related = ["publisher"]
    search_fields = ["title", "text", "url", "external_id"]
    date_hierarchy = "published"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
