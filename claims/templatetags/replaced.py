"""What a page offers on a claim that stands in a decided one's place."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext

from claims.models import Claim
from claims.replacing import earlier_decision

register = template.Library()


@register.inclusion_tag("bench/_replaces.html", takes_context=True)
def replaces(context: RequestContext, claim: Claim, next: str = "") -> dict[str, Any]:
    """The decided claim in whose place `claim` was found, and a button that takes its decision
    over: `{% replaces claim %}`. Nothing for other claims, and then without a query."""
    return {
        "claim": claim,
        "earlier": earlier_decision(claim) if claim.replaces_id else None,
        "next": next,
        "csrf_token": context.get("csrf_token"),
    }
