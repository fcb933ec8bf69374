"""The page that decides on many claims: what is asked for, what would be decided on, and what
would follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.core import signing
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.models import Batch, Claim
from claims.pages.bench.effect import EffectShown, TownShown, effect_shown
from claims.pages.claim_list import ClaimListForm, asked_claims
from claims.review import bulk
from claims.review.bulk import Because, Kind
from claims.review.consequences import MOST_TOWNS, Consequence, consequences
from claims.review.decisions import TRANSITIONS
from claims.review.effects import Effect
from claims.where_and_when import LAST_DAY
from entities.models import Place

DECISIONS: dict[str, str | Promise] = {
    Kind.ACCEPT: _("Accept: the text says so"),
    Kind.REJECT: _("Reject: the text does not say so"),
    Kind.UNVERIFIABLE: _("Unverifiable: the text does not settle it"),
}
OWN = ("decide", "because", "reason")  # of the address; the rest chooses claims
TOWNS_NAMED = 12
AGE = 24 * 3600  # seconds that a preview can be acted on; versions guard what it decides on


class BulkForm(forms.Form):
    """What is decided on all of the claims that are asked for."""

    decide = forms.ChoiceField(
        label=_("Decision"), choices=list(DECISIONS.items()), widget=forms.RadioSelect
    )
    because = forms.ChoiceField(
        label=_("Reason of a rejection"),
        required=False,
        choices=[
            ("", "—"),
            *((key, label) for key, label in Because.choices if key != Because.DUPLICATE),
        ],
    )
    reason = forms.CharField(
        label=_("In words, if it needs saying"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("decide") == Kind.REJECT:
            if not given.get("because"):
                self.add_error("because", _("A rejection needs a reason."))
            elif given["because"] == Because.OTHER and not given.get("reason"):
                self.add_error("reason", _("Say which other reason."))
        return given


@dataclass(frozen=True, slots=True)
class TownCount:
    place: Place
    count: int


@dataclass(frozen=True, slots=True)
class LeftShown:
    """Claims that are left alone: some of them by name, and how many `more`."""

    why: str
    count: int
    some: tuple[Claim, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.some)


@dataclass(frozen=True, slots=True)
class TownFollows:
    """What changes in a town: its verified status, and that with pending claims."""

    verified: TownShown
    with_pending: TownShown


@dataclass(frozen=True, slots=True)
class BulkPage:
    """`token` fixes what is decided. Of the towns the first `compared` were looked at for what
    `follows` (`changing` of them), `unchanged` keep their statuses."""

    preview: bulk.Preview
    token: str
    towns: tuple[TownCount, ...]
    more_towns: int
    left: tuple[LeftShown, ...]
    follows: tuple[TownFollows, ...]
    shown: EffectShown
    compared: int
    unchanged: int

    @property
    def count(self) -> int:
        return len(self.preview.versions)

    @property
    def not_compared(self) -> int:
        return len(self.preview.towns) - self.compared


def filters(query: QueryDict) -> QueryDict:
    """What of an address chooses claims."""
    rest = query.copy()
    for name in (*OWN, "page"):
        rest.pop(name, None)
    return rest


def bulk_page(form: ClaimListForm, decision: Mapping[str, str], query: str, by: User) -> BulkPage:
    """What `decision` (of `BulkForm`) would do to the claims that `form` asks for. A constant
    number of queries."""
    kind = decision["decide"]
    found = bulk.preview(asked_claims(form), kind=kind, by=by)
    compared = list(found.towns)[:MOST_TOWNS]
    then = consequences(found.versions, state=TRANSITIONS[Kind(kind)][1], towns=compared)
    changing = [one for one in then if one.changes]
    shown = effect_shown(
        Effect(tuple(effect for one in changing for effect in (one.verified, one.with_pending))),
        _first_day(changing),
    )
    return BulkPage(
        preview=found,
        token=_token(found.versions, decision, query, by),
        towns=_named(found.towns),
        more_towns=max(0, len(found.towns) - TOWNS_NAMED),
        left=_left(found.left),
        follows=tuple(
            TownFollows(verified, pending)
            for verified, pending in zip(shown.towns[::2], shown.towns[1::2], strict=True)
        ),
        shown=shown,
        compared=len(compared),
        unchanged=len(then) - len(changing),
    )


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a form's token says that its page had shown."""

    batch: UUID
    kind: str
    because: str
    reason: str
    query: str
    versions: dict[UUID, int]


def _token(versions: Mapping[UUID, int], decision: Mapping[str, str], query: str, by: User) -> str:
    """All that the page shows will be decided, signed, so that a post decides on nothing else:
    nobody's but the editor's who saw it, and once."""
    content = {
        "by": by.pk,
        "batch": Batch().pk.hex,  # the id that it will have
        **{name: decision[name] for name in OWN},
        "query": query,
        "versions": [(id_.hex, version) for id_, version in versions.items()],
    }
    return signing.dumps(content, salt=__name__, compress=True)


def previewed(token: str, by: User) -> Previewed | None:
    """None where the token is not one that this editor's page has had within a day."""
    try:
        content = signing.loads(token, salt=__name__, max_age=AGE)
    except signing.BadSignature:
        return None
    if content["by"] != by.pk:
        return None
    return Previewed(
        batch=UUID(content["batch"]),
        kind=content["decide"],
        because=content["because"],
        reason=content["reason"],
        query=content["query"],
        versions={UUID(id_): version for id_, version in content["versions"]},
    )


def _named(towns: Mapping[UUID, int]) -> tuple[TownCount, ...]:
    first = list(towns)[:TOWNS_NAMED]
    places = Place.objects.in_bulk(first)
    return tuple(TownCount(places[id_], towns[id_]) for id_ in first)


def _left(left: Sequence[bulk.Left]) -> tuple[LeftShown, ...]:
    rows = Claim.objects.select_related("place", "claimant", "subject", "document__publisher")
    claims = rows.defer("document__text").in_bulk([id_ for one in left for id_ in one.some])
    return tuple(
        LeftShown(str(one.why), one.count, tuple(claims[id_] for id_ in one.some)) for one in left
    )


def _first_day(changing: Sequence[Consequence]) -> date:
    days = [
        difference.first
        for one in changing
        for effect in (one.verified, one.with_pending)
        for difference in effect.differences
    ]
    return min(days, default=LAST_DAY)
