"""Whose role asks for more than a password. Until a second factor is set up, such an account may
do nothing by its roles, through pages and API alike."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.utils.translation import gettext

from claims.models import Membership


def needed_by(user: User | AnonymousUser) -> bool:
    """Whether a role of the user's is one of SECOND_FACTOR_ROLES."""
    roles = set(settings.SECOND_FACTOR_ROLES)
    if not roles or not user.is_authenticated:
        return False
    if user.is_superuser:
        return Membership.Role.ADMINISTRATOR in roles
    return Membership.objects.filter(user=user, role__in=roles).exists()


def missing(user: User | AnonymousUser) -> bool:
    """Whether the user needs a second factor and has none. At most two queries for a user, and
    none where no role asks for one."""
    found: bool | None = getattr(user, "_lacks_second_factor", None)
    if found is None:
        found = needed_by(user) and not _has_one(user)
        user._lacks_second_factor = found  # type: ignore[union-attr]  # ours, for a request
    return found


def refusal() -> str:
    return gettext("Your role needs a second factor: set one up.")


def _has_one(user: User | AnonymousUser) -> bool:
    factors = Authenticator.objects.filter(user_id=user.pk)
    return factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
