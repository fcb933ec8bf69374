"""What a page offers to whom."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import AnonymousUser, User

from claims.access.roles import allowed_conflicts, may_somewhere

register = template.Library()


@register.filter
def may(user: User | AnonymousUser, action: str) -> bool:
    """Whether the user may take the action in some conflict: `{% if user|may:"decide" %}`."""
    return may_somewhere(user, action)


@register.filter
def may_everywhere(user: User | AnonymousUser, action: str) -> bool:
    """Whether the user may take the action in all conflicts."""
    return allowed_conflicts(user, action).everywhere
