"""What administrators do: give and take roles, make and close accounts, lay down policies.

Who manages one conflict gives and takes roles in it alone. Accounts reach further than that: they
are for those who manage all conflicts, except those of people who are invited and have roles
only where one manages. Every change of a role is in the history, by whom and when.
"""

from __future__ import annotations

import pghistory
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext

from claims.access.roles import Role, allowed_conflicts, refusal, require
from claims.models import Membership, ReviewPolicy
from entities.models import Conflict

LOCK = 0x726F6C6573  # of changes to roles and accounts: one at a time, so that somebody is left


@transaction.atomic
def give_role(*, user: User, conflict: Conflict | None, role: str, by: User) -> Membership:
    """Give the user this role there (None: everywhere), in place of the one that he has there.

    Raises PermissionDenied where `by` does not manage there; ValidationError for a role that
    is none, a closed account, or where nobody would be left to manage everything.
    """
    require(by, "manage", conflict)
    if role not in Role.values:
        raise ValidationError({"role": gettext("Choose a role.")})
    if not user.is_active:
        raise ValidationError(gettext("The account is closed: open it first."))
    _one_at_a_time()
    with pghistory.context(user=by.pk):
        membership, made = Membership.objects.get_or_create(
            user=user, conflict=conflict, defaults={"role": role}
        )
        if not made and membership.role != role:
            manages = _manages_everything(membership)
            membership.role = role
            membership.save()
            if manages:
                _somebody_is_left()
    return membership


@transaction.atomic
def take_role(*, membership: Membership, by: User) -> None:
    """Take the role away. Raises PermissionDenied and ValidationError as `give_role` does."""
    require(by, "manage", membership.conflict_id)
    _one_at_a_time()
    with pghistory.context(user=by.pk):
        membership.delete()
    if _manages_everything(membership):
        _somebody_is_left()


@transaction.atomic
def invite(*, username: str, conflict: Conflict | None, role: str, by: User) -> User:
    """A new account with a role, and without a password: `welcome` says where to set one.

    Raises PermissionDenied and ValidationError as `give_role` does, the latter also where the
    name is taken, in any case of its letters, or is none.
    """
    require(by, "manage", conflict)
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": gettext("Somebody has this name already.")})
    user = User(username=User.normalize_username(username))
    user.set_unusable_password()
    user.full_clean()
    user.save()
    _note(user, by, "Invited.")
    give_role(user=user, conflict=conflict, role=role, by=by)
    return user


def welcome(*, user: User, by: User) -> tuple[str, str]:
    """The two parts of the address by which the user sets a password, once and within
    PASSWORD_RESET_TIMEOUT; earlier ones hold until one is used. Raises PermissionDenied, and
    ValidationError for a closed account."""
    require_account(by, user)
    if not user.is_active:
        raise ValidationError(gettext("The account is closed: open it first."))
    _note(user, by, "Given a link to set a password.")
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


@transaction.atomic
def close_account(*, user: User, by: User) -> None:
    """Let the user in no more; roles and all that he did stay. Raises PermissionDenied, and
    ValidationError where nobody would be left to manage everything."""
    require_account(by, user)
    _one_at_a_time()
    User.objects.filter(pk=user.pk).update(is_active=False)
    _note(user, by, "Account closed.")
    _somebody_is_left()


@transaction.atomic
def open_account(*, user: User, by: User) -> None:
    """Let the user in again, with the roles that he had. Raises PermissionDenied."""
    require_account(by, user)
    User.objects.filter(pk=user.pk).update(is_active=True)
    _note(user, by, "Account opened.")


@transaction.atomic
def remove_second_factors(*, user: User, by: User) -> None:
    """Ask for nothing but the password again: for whoever has lost app, passkeys and recovery
    codes, and whom `by` knows to be that person. Raises PermissionDenied."""
    require_account(by, user)
    Authenticator.objects.filter(user=user).delete()
    _note(user, by, "Second factors removed.")


@transaction.atomic
def lay_down_policy(
    *, conflict: Conflict | None, second_reading: str, share: int, by: User
) -> ReviewPolicy:
    """Which decided claims of the conflict (None: of places of none) are read a second time,
    from now on. Raises PermissionDenied, and ValidationError for a share that is none."""
    require(by, "manage", conflict)
    there = ReviewPolicy.objects.select_for_update(of=("self",)).filter(conflict=conflict)
    policy = there.order_by().first() or ReviewPolicy(conflict=conflict)
    policy.second_reading, policy.share = second_reading, share
    policy.full_clean()
    with pghistory.context(user=by.pk):
        policy.save()
    return policy


def may_change_account(by: User, user: User) -> bool:
    """Whether `by` may open, close and give a link to the user's account. A link is the
    account: who manages one conflict gets none of an account that is in use, or that reaches
    further."""
    managed = allowed_conflicts(by, "manage")
    if user.is_superuser:
        return by.is_superuser
    if managed.everywhere:
        return True
    conflicts = {one.conflict_id for one in user.memberships.all()}
    return (
        bool(conflicts)
        and conflicts <= managed.ids
        and not user.is_staff
        and not user.has_usable_password()
    )


def require_account(by: User, user: User) -> None:
    """Raises PermissionDenied where `by` may not change the user's account."""
    if not may_change_account(by, user):
        raise PermissionDenied(refusal("manage"))


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _manages_everything(membership: Membership) -> bool:
    return membership.conflict_id is None and membership.role == Role.ADMINISTRATOR


def _somebody_is_left() -> None:
    """Raises ValidationError where nobody who can log in manages all conflicts any more."""
    manages = Q(memberships__conflict=None, memberships__role=Role.ADMINISTRATOR)
    # Who is invited and has set no password yet cannot log in.
    able = User.objects.filter(is_active=True).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    if not able.filter(manages | Q(is_superuser=True)).exists():
        raise ValidationError(
            gettext("Somebody must be left who manages all conflicts: this is the last.")
        )


def _note(user: User, by: User, what: str) -> None:
    """In Django's log of changes, which the admin shows."""
    LogEntry.objects.log_actions(by.pk, [user], CHANGE, what, single_object=True)
