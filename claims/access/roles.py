"""Who may do what: one table of actions and the roles that may take them.

A user has a role per conflict, or one for all of them and for places of none (`Membership`).
Each role may do what those before it may. Reading is all or nothing: statuses, speakers'
records and copies of texts do not end at a conflict's edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext

from claims.access import second_factor
from claims.models import Membership
from entities.models import Conflict

Role = Membership.Role
ORDER = (Role.READER, Role.ANALYST, Role.EDITOR, Role.ADJUDICATOR, Role.ADMINISTRATOR)

# Each action, and the least role that may take it.
ACTIONS: dict[str, str] = {
    "read": Role.READER,
    "export": Role.ANALYST,
    "question": Role.ANALYST,  # ask for another reading of a decided claim
    "save_filters": Role.ANALYST,
    "see_progress": Role.ANALYST,
    "decide": Role.EDITOR,
    "add": Role.EDITOR,  # a claim that extraction missed; split and merge
    "bring_in": Role.EDITOR,  # documents
    "bulk": Role.EDITOR,
    "restore": Role.EDITOR,
    "rule_on_names": Role.EDITOR,
    "adjudicate": Role.ADJUDICATOR,
    "manage": Role.ADMINISTRATOR,  # people, policies, the admin
}


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Where an action is allowed: everywhere, or in these conflicts alone."""

    everywhere: bool
    ids: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.ids)

    def within(self, path: str) -> Q:
        """The filter of rows whose conflict, by its lookup path, is among these."""
        return Q() if self.everywhere else Q(**{f"{path}__in": self.ids})


def allowed_conflicts(user: User | AnonymousUser, action: str) -> Conflicts:
    """Where `user` may take `action`: nowhere, as long as a second factor is missing that a role
    needs. One query for a user, however often it is asked, and two where roles need one."""
    if not user.is_active or not user.is_authenticated or second_factor.missing(user):
        return Conflicts(everywhere=False)
    if user.is_superuser:
        return Conflicts(everywhere=True)
    needed = ORDER.index(Role(ACTIONS[action]))
    able = [conflict for conflict, role in _roles(user) if ORDER.index(Role(role)) >= needed]
    return Conflicts(None in able, frozenset(id_ for id_ in able if id_ is not None))


def may(user: User | AnonymousUser, action: str, conflict: Conflict | UUID | None = None) -> bool:
    """Whether `user` may take `action` on what belongs to `conflict` (None: to none). Whoever
    has any role may read everything."""
    if action == "read" and settings.PUBLIC_READING:
        return True  # without a look at who it is
    allowed = allowed_conflicts(user, action)
    if action == "read":
        return bool(allowed)
    id_ = conflict.pk if isinstance(conflict, Conflict) else conflict
    return allowed.everywhere or id_ in allowed.ids


def may_somewhere(user: User | AnonymousUser, action: str) -> bool:
    """Whether there is any conflict in which `user` may take `action`."""
    if action == "read":
        return may(user, action)
    return bool(allowed_conflicts(user, action))


def require(
    user: User | AnonymousUser, action: str, conflict: Conflict | UUID | None = None
) -> User:
    """The user, who may take `action` there. Raises PermissionDenied in words."""
    if not may(user, action, conflict) or isinstance(user, AnonymousUser):
        raise PermissionDenied(refusal(action))
    return user


def require_somewhere(user: User | AnonymousUser, action: str) -> User:
    """The user, who may take `action` in some conflict. Raises PermissionDenied in words."""
    if not may_somewhere(user, action) or isinstance(user, AnonymousUser):
        raise PermissionDenied(refusal(action))
    return user


def refusal(action: str) -> str:
    """What somebody is told who may not."""
    role = Role(ACTIONS[action]).label
    return gettext("This needs the role “%(role)s”: ask an administrator.") % {"role": role}


def _roles(user: User) -> list[tuple[UUID | None, str]]:
    """The user's roles by conflict, kept on the user for the length of a request."""
    found: list[tuple[UUID | None, str]] | None = getattr(user, "_claims_roles", None)
    if found is None:
        rows = Membership.objects.filter(user=user).order_by()
        found = list(rows.values_list("conflict", "role"))
        user._claims_roles = found  # type: ignore[attr-defined]  # ours, for a request
    return found
