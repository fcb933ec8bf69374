"""The queue beside the claim that is on the screen."""

from __future__ import annotations

from typing import Any

from django import template

from claims.models import Claim
from claims.pages.bench.queue import QueueRow, ahead
from claims.views.bench import sitting

register = template.Library()


@register.simple_tag(takes_context=True)
def queue_ahead(context: dict[str, Any], claim: Claim) -> list[QueueRow]:
    """The claim on the screen, if it waits, and what comes after it by the address's filters."""
    request = context["request"]
    return ahead(
        by=request.user,
        asked=sitting.asked(request),
        skip=sitting.skipped(request),
        current=claim.pk,
    )


@register.filter
def with_filters(path: str, filters: str) -> str:
    """The address of a page of the bench with the filters, as they stand in an address."""
    return f"{path}?{filters}" if filters else path
