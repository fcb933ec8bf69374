"""Keys of the API: made, exchanged for new ones, revoked, and known again.

A key is `cck_` and 256 bits drawn by chance. It is told once, to whoever makes it; what is kept
is its digest. What a key may do is asked of its user's roles and of its scopes with each request
(`claims.api.permissions`), so that roles taken away and closed accounts hold at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from claims.access.roles import allowed_conflicts, may, may_somewhere, refusal
from claims.models import ApiKey

Scope = ApiKey.Scope
START = "cck_"
SHOWN = len(START) + 8  # characters of a key by which people tell it from others
BITS = 256
MOST = 20  # working keys of a user, each with a rate of its own
MOST_RATE = 60_000  # requests a minute
OVERLAPS = {"now": timedelta(), "day": timedelta(days=1), "week": timedelta(days=7)}
# What somebody must be able to do at least for a scope to be of use to him.
LEAST: dict[str, str] = {Scope.READ: "read", Scope.EXPORT: "export", Scope.WRITE: "decide"}


class Refused(Exception):
    """A key that opens nothing; the message says why, to a program (in English)."""


class Unknown(Refused):
    """No key at all, or a mistaken one: perhaps somebody guesses."""


def scope_of(action: str) -> str:
    """The scope that a key needs for an action of `roles.ACTIONS`."""
    return {"read": Scope.READ.value, "export": Scope.EXPORT.value}.get(action, Scope.WRITE.value)


def scopes_for(user: User) -> list[str]:
    """The scopes of which the user's roles make use; none without a role."""
    if not allowed_conflicts(user, "read"):
        return []
    return [scope for scope, action in LEAST.items() if may_somewhere(user, action)]


def authenticate(key: str) -> ApiKey:
    """The row of a key that works, with its user. One query, and once in a minute another one
    that notes the use. Raises Refused."""
    now = timezone.now()
    try:
        found = ApiKey.objects.select_related("user").get(digest=_digest(key))
    except ApiKey.DoesNotExist:
        raise Unknown("This key is not known: check that it was copied whole.") from None
    if found.revoked_at is not None:
        raise Refused(f"This key was revoked at {found.revoked_at:%Y-%m-%dT%H:%M:%SZ}.")
    if found.expires_at is not None and found.expires_at <= now:
        raise Refused(f"This key expired at {found.expires_at:%Y-%m-%dT%H:%M:%SZ}.")
    if not found.user.is_active:
        raise Refused("The account that this key is of is closed.")
    _note_use(found, now)
    return found


@transaction.atomic
def make(
    *,
    by: User,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None = None,
    rate: int | None = None,
) -> tuple[ApiKey, str]:
    """A key of the user's own, and its row; `rate`: requests a minute (None: API_RATE).

    Raises PermissionDenied for who has no role; ValidationError for scopes that his roles make
    no use of, an end that has passed, the name of another key of his that works, and too many.
    """
    if not (useful := scopes_for(by)):
        raise PermissionDenied(refusal("read"))
    if not scopes:
        raise ValidationError({"scopes": gettext("Choose what the key is for.")})
    if not set(scopes) <= set(useful):
        raise ValidationError({"scopes": gettext("Your roles make no use of this.")})
    User.objects.select_for_update().get(pk=by.pk)  # his keys come one after the other
    there = by.api_keys.working(timezone.now()).filter(rotated_by=None)
    names = set(there.values_list("name", flat=True))
    if name in names:
        raise ValidationError({"name": gettext("Another key of yours has this name.")})
    if len(names) >= MOST:
        raise ValidationError(
            gettext("You have %(number)d keys: revoke one that nothing uses.") % {"number": MOST}
        )
    return _new(by=by, name=name, scopes=scopes, expires_at=expires_at, rate=rate)


@transaction.atomic
def rotate(*, key: ApiKey, by: User, overlap: timedelta) -> tuple[ApiKey, str]:
    """A new key in the place of one's own, for as long as that one was made for; the old one
    works on for `overlap` (none: it is revoked). Raises PermissionDenied for another's key, and
    ValidationError for one that works no more, or is exchanged already."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.user_id != by.pk or not scopes_for(by):
        raise PermissionDenied(gettext("This key is somebody else's."))
    now = timezone.now()
    if key.state(now) != ApiKey.State.WORKS:
        raise ValidationError(gettext("This key works no more: make a new one."))
    if ApiKey.objects.filter(rotates=key).exists():
        raise ValidationError(gettext("A new key was made for this one already."))
    lifetime = key.expires_at - key.created_at if key.expires_at else None
    if overlap:
        key.expires_at = min(filter(None, (key.expires_at, now + overlap)))
    else:
        key.revoked_at = now
    with pghistory.context(user=by.pk):
        key.save(update_fields=["expires_at", "revoked_at"])
    return _new(
        by=by,
        name=key.name,
        scopes=key.scopes,
        expires_at=now + lifetime if lifetime else None,
        rate=key.rate,
        rotates=key,
    )


@transaction.atomic
def revoke(*, key: ApiKey, by: User) -> None:
    """Let the key open nothing any more, from the next request on; of one that was revoked the
    time stays. Raises PermissionDenied where `by` may not."""
    if not may_revoke(by, key):
        raise PermissionDenied(refusal("manage"))
    with pghistory.context(user=by.pk):
        ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def set_rate(*, key: ApiKey, rate: int, by: User) -> None:
    """Let the key ask so many times a minute. Raises PermissionDenied where `by` does not manage
    all conflicts, and ValidationError for a rate that is none."""
    if not may(by, "manage"):
        raise PermissionDenied(refusal("manage"))
    if not 0 < rate <= MOST_RATE:
        raise ValidationError(
            gettext("From 1 to %(number)d requests a minute.") % {"number": MOST_RATE}
        )
    with pghistory.context(user=by.pk):
        ApiKey.objects.filter(pk=key.pk).update(rate=rate)


def may_revoke(by: User, key: ApiKey) -> bool:
    """One's own keys; those of all others who manages all conflicts, since keys reach as far."""
    return by.is_active and (key.user_id == by.pk or may(by, "manage"))


def _new(
    *,
    by: User,
    name: str,
    scopes: Collection[str],
    expires_at: datetime | None,
    rate: int | None,
    rotates: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    key = START + secrets.token_urlsafe(BITS // 8)
    row = ApiKey(
        user=by,
        name=name,
        prefix=key[:SHOWN],
        digest=_digest(key),
        scopes=[scope for scope in Scope.values if scope in scopes],
        rate=settings.API_RATE if rate is None else rate,
        expires_at=expires_at,
        rotates=rotates,
    )
    row.full_clean()
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires": gettext("This time has passed.")})
    with pghistory.context(user=by.pk):
        row.save(force_insert=True)
    return row, key


def _digest(key: str) -> str:
    """Of 256 bits drawn by chance a plain digest is enough: there is nothing to guess."""
    return hashlib.sha256(key.encode()).hexdigest()


def _note_use(key: ApiKey, now: datetime) -> None:
    """At most one write a minute, however many requests come at once."""
    minute = now.replace(second=0, microsecond=0)
    if key.last_used_at is None or key.last_used_at < minute:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=minute)
        ApiKey.objects.filter(unnoted, pk=key.pk).update(last_used_at=minute)
