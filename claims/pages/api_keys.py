"""Keys of the API as their page lists them: one's own, and for administrators everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.access.keys import scopes_for
from claims.models import ApiKey

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 50  # changes
# What each scope is for.
USES: dict[str, StrOrPromise] = {
    "read": _("lists, records, the feed of changes"),
    "export": _("files, releases, webhooks"),
    "write": _("documents brought in, decisions on claims"),
}
LIFETIMES: dict[str, tuple[StrOrPromise, timedelta | None]] = {
    "30": (_("30 days"), timedelta(days=30)),
    "90": (_("90 days"), timedelta(days=90)),
    "365": (_("one year"), timedelta(days=365)),
    "never": (_("never"), None),
}
OVERLAP_WORDS: dict[str, StrOrPromise] = {
    "week": _("7 days"),
    "day": _("1 day"),
    "now": _("not at all"),
}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key; `successor`: what the key that takes its place begins with."""

    key: ApiKey
    works: bool
    state: str
    scopes: str
    successor: str


@dataclass(frozen=True, slots=True)
class KeyChange:
    at: datetime
    by: str
    what: str


class KeyForm(forms.Form):
    """A new key. Of the scopes, those are offered of which the user's roles make use."""

    name = forms.CharField(
        label=_("name"),
        max_length=100,
        error_messages={"required": _("Name the program that it is for.")},
    )
    expires = forms.ChoiceField(
        label=_("expires"), choices=[(key, word) for key, (word, _end) in LIFETIMES.items()]
    )

    def __init__(self, data: QueryDict | None = None, *, by: User) -> None:
        super().__init__(data, label_suffix="", initial={"expires": "90"})
        words = dict(ApiKey.Scope.choices)
        self.fields["scopes"] = forms.MultipleChoiceField(
            label=_("for"),
            choices=[(one, f"{words[one]}: {USES[one]}") for one in scopes_for(by)],
            widget=forms.CheckboxSelectMultiple,
            initial=["read"],
            error_messages={"required": _("Choose what the key is for.")},
        )
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}

    def asked(self) -> dict[str, Any]:
        """What `claims.access.keys.make` takes, of a valid form."""
        _word, lifetime = LIFETIMES[self.cleaned_data["expires"]]
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "expires_at": timezone.now() + lifetime if lifetime else None,
        }


def listed(keys: QuerySet[ApiKey], now: datetime) -> QuerySet[ApiKey]:
    """Those that work first, then the others, each with the newest first."""
    gone = Q(revoked_at__isnull=False) | Q(expires_at__isnull=False, expires_at__lte=now)
    ended = Case(When(gone, then=1), default=0, output_field=IntegerField())
    return keys.select_related("user", "rotated_by").order_by(ended, "-created_at", "-id")


def rows(keys: QuerySet[ApiKey] | list[ApiKey], now: datetime) -> list[KeyRow]:
    return [_row(key, now) for key in keys]


def _row(key: ApiKey, now: datetime) -> KeyRow:
    state = key.state(now)
    words = dict(ApiKey.Scope.choices)
    successor = getattr(key, "rotated_by", None)
    return KeyRow(
        key,
        state == ApiKey.State.WORKS,
        str(state.label),
        ", ".join(str(words[scope]) for scope in key.scopes),
        successor.prefix if successor else "",
    )


def changes() -> list[KeyChange]:
    """The latest changes of everybody's keys. Two queries."""
    history: QuerySet[Any] = ApiKey._meta.get_field("events").related_model._default_manager  # type: ignore[assignment]  # made by pghistory's decorator
    events = list(
        history.select_related("pgh_context").order_by("-pgh_created_at", "-pgh_id")[:SHOWN]
    )
    by = [(event.pgh_context.metadata if event.pgh_context else {}).get("user") for event in events]
    names: dict[int | None, str] = dict(
        User.objects.filter(pk__in={*by, *(event.user_id for event in events)} - {None})
        .order_by()
        .values_list("pk", "username")
    )
    return [
        KeyChange(
            event.pgh_created_at,
            names.get(who, gettext("the system")),
            _told(event, names.get(event.user_id, "")),
        )
        for event, who in zip(events, by, strict=True)
    ]


def _told(event: Any, owner: str) -> str:
    if event.pgh_label == "insert":
        said = _("%(prefix)s…, %(name)s, of %(owner)s is made")
    elif event.revoked_at is not None:
        said = _("%(prefix)s…, %(name)s, of %(owner)s is revoked")
    else:
        said = _("%(prefix)s…, %(name)s, of %(owner)s has another end or rate")
    return str(said % {"prefix": event.prefix, "name": event.name, "owner": owner})
