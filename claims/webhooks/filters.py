"""Which changes a webhook is told of: the parameters of an address, as far as they tell of a
single claim or status.

A change of a claim is told where they fit it before or after: so a receiver also hears of what no
longer fits, and can take it out of his copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext

from claims.asking import VERIFIED, Called, ClaimsForm
from claims.models import Claim, Webhook

Record = Mapping[str, Any]
OF_BOTH = ("conflict", "town", "side", "include_pending")
PEOPLE, WORDS = ("actor", "claimant", "subject"), ("stance", "predicate")
PLAIN = ("publisher", "origin")
OF_CLAIMS = (*PEOPLE, *WORDS, *PLAIN, "state")
PARAMETERS = (*OF_BOTH, *OF_CLAIMS)


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty ones leave nothing out. Of statuses count `conflict`, `town`, `side` and
    `include_pending` alone. `include_pending`: None where it is not said, which counts pending
    claims, and of statuses those from verified claims."""

    conflict: str
    town: str
    side: str
    include_pending: bool | None
    plain: Mapping[str, str]  # publisher, origin
    people: Mapping[str, str]  # actor, claimant, subject: ids
    words: Mapping[str, frozenset[str]]  # stance, predicate
    states: frozenset[str]

    def want_claim(self, before: Record | None, after: Record | None) -> bool:
        """Whether a change of a claim is told, by its record (`claims.records`) on either side of
        it; None: it was not yet there, or is not there any more."""
        return any(self._fits(claim) for claim in (before, after) if claim is not None)

    def want_status(self, status: Record, conflict: str | None) -> bool:
        """`status`: a record of an interval; `conflict`: that of its town."""
        return (
            self.conflict in ("", conflict)
            and self.town in ("", status["town"])
            and (not self.side or self.side in status["sides"])
            and (bool(self.include_pending) or not status["include_pending"])
        )

    def _fits(self, claim: Record) -> bool:
        return (
            claim["state"] in self.states
            and self.conflict in ("", claim["conflict"])
            and self.town in ("", claim["town"]["id"])
            and self.side in ("", claim["side"])
            and all(claim[name] in among for name, among in self.words.items())
            and all(_is(claim, name, id_) for name, id_ in self.people.items())
            and self.plain.get("origin", "") in ("", claim["origin"])
            and self._published(claim["document"]["publisher"])
        )

    def _published(self, publisher: str) -> bool:
        asked = self.plain.get("publisher", "")
        return not asked or asked.casefold() == publisher.casefold()


def _is(claim: Record, name: str, id_: str) -> bool:
    roles = ("claimant", "subject") if name == "actor" else (name,)
    return any(claim[role] is not None and claim[role]["id"] == id_ for role in roles)


@lru_cache(maxsize=1024)
def filters(query: str) -> Filters:
    """Those that a webhook keeps (`checked`)."""
    asked = QueryDict(query)
    pending = asked.get("include_pending")
    return Filters(
        conflict=asked.get("conflict", ""),
        town=asked.get("town", ""),
        side=asked.get("side", ""),
        include_pending=None if pending is None else pending == "true",
        plain={name: asked[name] for name in ("publisher", "origin") if name in asked},
        people={name: asked[name] for name in ("actor", "claimant", "subject") if name in asked},
        words={
            name: frozenset(asked.getlist(name))
            for name in ("stance", "predicate")
            if name in asked
        },
        states=_states(asked.getlist("state"), without_pending=pending == "false"),
    )


def _states(words: list[str], *, without_pending: bool) -> frozenset[str]:
    """By default those that stand, as in an address."""
    states = set(words or (VERIFIED, Claim.State.PENDING))
    if VERIFIED in states:
        states |= set(Claim.VERIFIED)
    return frozenset(states - {VERIFIED} - ({Claim.State.PENDING} if without_pending else set()))


def filter_form(query: str) -> ClaimsForm:
    """The form of the parameters that fit, bound to them."""
    form = ClaimsForm(QueryDict(query))
    for name in form.fields.keys() - set(PARAMETERS):
        del form.fields[name]
    return form


def checked(query: str, what: list[str]) -> str:
    """The parameters as they are kept: towns and actors by id. Raises ValidationError, with what
    is wrong by parameter."""
    query = query.strip().removeprefix("?")
    form, wrong = filter_form(query), {}
    for name in dict.fromkeys(QueryDict(query)):
        if name not in form.fields:
            message = gettext("There is no such filter here; there are: %(names)s.")
            wrong[name] = [message % {"names": ", ".join(sorted(form.fields))}]
        elif name in OF_CLAIMS and Webhook.What.CLAIM not in what:
            wrong[name] = [gettext("Statuses cannot be chosen by this: it is of claims.")]
    if not form.is_valid():
        wrong |= {name: [str(one) for one in told] for name, told in form.errors.items()}
    kept = QueryDict(mutable=True)
    for name, value in form.asked.items():
        match value:
            case Called(ids=ids) if len(ids) > 1:
                message = gettext("Several are called “%(name)s”: give the id of one.")
                wrong[name] = [message % {"name": value}]
            case Called(ids=ids):
                kept[name] = str(next(iter(ids)))
            case bool():
                kept[name] = str(value).lower()
            case list():
                kept.setlist(name, value)
            case _:
                kept[name] = str(value)
    if wrong:
        raise ValidationError(
            [f"{name}: {message}" for name, messages in wrong.items() for message in messages]
        )
    return kept.urlencode()
