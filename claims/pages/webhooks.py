"""Webhooks as their pages show them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from claims.asking import ClaimsForm
from claims.models import Delivery, Webhook
from claims.webhooks.filters import OF_CLAIMS, PARAMETERS
from entities.models import Actor, Place

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

State = Delivery.State
# Each with the class that its mark has.
STATES: dict[str, tuple[str, StrOrPromise]] = {
    State.WAITING: ("waiting", _("waits")),
    State.RUNNING: ("running", _("is being sent")),
    State.DELIVERED: ("done", _("delivered")),
    State.FAILED: ("failed", _("failed")),
}
NAMED = ("town", "actor", "claimant", "subject")  # filters that are kept by id


@dataclass(frozen=True, slots=True)
class Filter:
    """`value`: in words."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A webhook in the list. `why`: why it is off, or ""; `state`: class and word."""

    webhook: Webhook
    state: tuple[str, StrOrPromise]
    why: str
    what: str
    filters: tuple[Filter, ...]
    waiting: int
    failed: int
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """`type`: of the event; `said`: what went wrong; `answer`: how the receiver's began."""

    delivery: Delivery
    type: str
    state: tuple[str, StrOrPromise]
    said: str
    answer: str


class WebhookForm(forms.Form):
    name = forms.CharField(
        label=_("name"),
        max_length=100,
        error_messages={"required": _("Name the program that is told.")},
    )
    url = forms.CharField(
        label=_("address (https)"),
        max_length=2000,
        error_messages={"required": _("Say where to send what changes.")},
    )
    what = forms.MultipleChoiceField(
        label=_("told of"),
        choices=Webhook.What.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Webhook.What.values,
        error_messages={"required": _("Choose what it is told of.")},
    )
    query = forms.CharField(label=_("filters, as in an address"), max_length=2000, required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        for name, more in (
            ("name", {}),
            ("url", {"placeholder": "https://", "inputmode": "url", "spellcheck": "false"}),
            ("query", {"placeholder": "conflict=ukraine&state=verified", "spellcheck": "false"}),
        ):
            self.fields[name].widget.attrs |= {"autocomplete": "off", **more}


def parameters() -> list[tuple[str, StrOrPromise, bool]]:
    """The filters that there are: name, meaning, and whether it is of claims alone."""
    fields = ClaimsForm.base_fields
    return [(name, fields[name].help_text, name in OF_CLAIMS) for name in PARAMETERS]


def rows(webhooks: QuerySet[Webhook]) -> list[Row]:
    """Three queries, however many there are."""
    counted = webhooks.select_related("owner").annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state__in=Delivery.OPEN)),
        failed=Count("deliveries", filter=Q(deliveries__state=State.FAILED)),
        last=Max("deliveries__delivered_at"),
    )
    found = list(counted)
    names = _names(found)
    return [
        Row(
            webhook,
            _state(webhook),
            gettext(webhook.disabled_because) if webhook.disabled_because else "",
            ", ".join(str(Webhook.What(kind).label) for kind in webhook.what),
            _filters(webhook, names),
            webhook.waiting,
            webhook.failed,
            webhook.last,
        )
        for webhook in found
    ]


def _state(webhook: Webhook) -> tuple[str, StrOrPromise]:
    if webhook.disabled_at is not None:
        return "failed", _("off")
    if webhook.failing_since is not None:
        return "waiting", _("failing")
    return "done", pgettext("a webhook", "on")


def _names(webhooks: Iterable[Webhook]) -> dict[str, str]:
    """Of the towns and actors in their filters, by id."""
    asked = [QueryDict(webhook.query) for webhook in webhooks]
    ids = {query[name] for query in asked for name in NAMED if name in query}
    if not ids:
        return {}
    towns = Place.objects.filter(pk__in=ids).values_list("pk", "name")
    actors = Actor.objects.filter(pk__in=ids).values_list("pk", "name")
    return {str(id_): name for id_, name in (*towns, *actors)}


def _filters(webhook: Webhook, names: dict[str, str]) -> tuple[Filter, ...]:
    asked = QueryDict(webhook.query)
    return tuple(
        Filter(name, ", ".join(names.get(value, value) for value in asked.getlist(name)))
        for name in asked
    )


def delivery_rows(deliveries: Iterable[Delivery]) -> list[DeliveryRow]:
    return [
        DeliveryRow(
            one,
            json.loads(one.body)["type"],
            STATES[one.state],
            one.error_in_words,
            one.error_values.get("answer", ""),
        )
        for one in deliveries
    ]
