"""Who has which role, for those who manage it, and which policies are laid down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.access import guessing
from claims.access.managing import may_change_account
from claims.access.roles import Conflicts, allowed_conflicts
from claims.models import Membership, ReviewPolicy
from entities.models import Conflict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 50  # changes
# What each role adds to those before it.
DUTIES: dict[str, StrOrPromise] = {
    "reader": _("reads"),
    "analyst": _("keeps filters, sees progress, asks for another reading"),
    "editor": _("decides on claims, adds missed ones, brings in documents, rules on names"),
    "adjudicator": _("settles what two readers disagree on"),
    "administrator": _("manages people and policies"),
}
EVERYWHERE = _("all conflicts")


@dataclass(frozen=True, slots=True)
class HeldRole:
    """`mine`: whoever looks may change it."""

    id: int
    where: str
    role: str
    word: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Person:
    """An account with the roles that are shown; `mine`: whoever looks may open and close it.
    `factors`: it has a second factor; `locked`: its password has been guessed at too often."""

    user: User
    state: str
    roles: tuple[HeldRole, ...]
    mine: bool
    factors: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class RoleChange:
    at: datetime
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A conflict's, or that of places of none (`slug` empty), with its form."""

    slug: str
    where: str
    form: PolicyForm


class ConflictField(forms.ModelChoiceField):
    """A conflict of those that somebody manages; all of them where he manages everywhere."""

    def __init__(self, managed: Conflicts) -> None:
        found = Conflict.objects.filter(managed.within("pk")).order_by("name")
        super().__init__(
            found,
            label=_("in"),
            to_field_name="slug",
            required=not managed.everywhere,
            empty_label=str(EVERYWHERE) if managed.everywhere else None,
            error_messages={"required": _("Choose a conflict.")},
        )


class RoleForm(forms.Form):
    """A role for somebody who has an account, or is invited."""

    username = forms.CharField(
        label=_("name"), max_length=150, error_messages={"required": _("Whose role?")}
    )
    role = forms.ChoiceField(label=_("role"), choices=Membership.Role.choices, initial="editor")

    def __init__(self, data: QueryDict | None = None, *, by: User) -> None:
        super().__init__(data, label_suffix="")
        self.fields["conflict"] = ConflictField(allowed_conflicts(by, "manage"))
        self.fields["username"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}


class PolicyForm(forms.ModelForm):
    class Meta:
        model = ReviewPolicy
        fields = ("second_reading", "share")
        labels = {"second_reading": _("second reading"), "share": _("share, per cent")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def people(by: User) -> list[Person]:
    """Everybody with a role where `by` manages, and for who manages everywhere everybody.
    Five queries."""
    managed = allowed_conflicts(by, "manage")
    users = User.objects.order_by("-is_active", "username")
    if not managed.everywhere:
        users = users.filter(memberships__conflict__in=managed.ids).distinct()
    users = users.prefetch_related("memberships__conflict")
    secured = set(Authenticator.objects.values_list("user_id", flat=True))
    locked = guessing.locked([user.get_username() for user in users])
    return [
        Person(
            user,
            str(_state(user)),
            tuple(_roles(user, managed)),
            may_change_account(by, user),
            factors=user.pk in secured,
            locked=user.get_username() in locked,
        )
        for user in users
    ]


def _roles(user: User, managed: Conflicts) -> list[HeldRole]:
    """Roles elsewhere are none of an administrator's business, but those everywhere count here
    too."""
    shown = [
        one
        for one in user.memberships.all()
        if managed.everywhere or one.conflict_id is None or one.conflict_id in managed.ids
    ]
    rows = [
        HeldRole(
            one.pk,
            str(one.conflict or EVERYWHERE),
            one.role,
            one.get_role_display(),
            managed.everywhere or one.conflict_id in managed.ids,
        )
        for one in shown
    ]
    return sorted(rows, key=lambda row: row.where)


def _state(user: User) -> str | Promise:
    if not user.is_active:
        return _("account closed")
    if not user.has_usable_password():
        return _("invited: no password yet")
    return _("superuser") if user.is_superuser else ""


def role_changes(by: User) -> list[RoleChange]:
    """The latest changes of roles where `by` manages. Three queries."""
    history: QuerySet[Any] = Membership._meta.get_field("events").related_model._default_manager  # type: ignore[assignment]  # made by pghistory's decorator
    managed = allowed_conflicts(by, "manage")
    rows = list(
        history.filter(managed.within("conflict"))
        .select_related("pgh_context")
        .order_by("-pgh_created_at", "-pgh_id")[:SHOWN]
    )
    contexts = [row.pgh_context.metadata if row.pgh_context else {} for row in rows]
    users = User.objects.in_bulk({row.user_id for row in rows} | _users(contexts))
    conflicts: dict[UUID, Conflict] = Conflict.objects.in_bulk({row.conflict_id for row in rows})
    return [
        RoleChange(
            row.pgh_created_at,
            _name(users, context.get("user")),
            _told(row, _name(users, row.user_id), conflicts.get(row.conflict_id)),
        )
        for row, context in zip(rows, contexts, strict=True)
    ]


def _users(contexts: list[dict[str, Any]]) -> set[int]:
    return {context["user"] for context in contexts if context.get("user")}


def _name(users: dict[int, User], id_: int | None) -> str:
    if id_ is None:
        return gettext("the system")
    return users[id_].get_username() if id_ in users else gettext("somebody who is gone")


def _told(row: Any, name: str, conflict: Conflict | None) -> str:
    said = {
        "insert": _("%(name)s is %(role)s: %(where)s"),
        "update": _("%(name)s is now %(role)s: %(where)s"),
        "delete": _("%(name)s is no longer %(role)s: %(where)s"),
    }[row.pgh_label]
    where = str(conflict or EVERYWHERE)
    return str(said % {"name": name, "role": Membership.Role(row.role).label, "where": where})


def policies(by: User, *, wrong: PolicyForm | None = None, slug: str = "") -> list[Policy]:
    """The policies of all conflicts that `by` manages; `wrong` is a form that was refused.
    Two queries."""
    managed = allowed_conflicts(by, "manage")
    found = {
        policy.conflict_id: policy
        for policy in ReviewPolicy.objects.filter(managed.within("conflict") | _of_none(managed))
    }
    places: list[tuple[str, str, UUID | None]] = [
        (conflict.slug, conflict.name, conflict.pk)
        for conflict in Conflict.objects.filter(managed.within("pk")).order_by("name")
    ]
    if managed.everywhere:
        places.append(("", gettext("places of no conflict"), None))
    return [
        Policy(
            key,
            where,
            wrong
            if wrong is not None and key == slug
            else PolicyForm(instance=found.get(id_), auto_id=f"{key or 'none'}-%s"),
        )
        for key, where, id_ in places
    ]


def _of_none(managed: Conflicts) -> Q:
    return Q(conflict=None) if managed.everywhere else Q(pk__in=())
