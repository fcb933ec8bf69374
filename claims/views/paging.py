"""Lists by pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50


def page_of(request: HttpRequest, found: QuerySet | Sequence[Any]) -> Page:
    """The page of a list that the address asks for; the nearest one where there is none."""
    return Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
