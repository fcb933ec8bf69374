"""What became of a claim: the decisions on it, and every change of its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Decision
from claims.pages.claim_facts import EXTENTS, PRECISIONS
from claims.pages.wording import SAID, STANCES, STATES, day_in_words

DECIDED: dict[str, str | Promise] = {
    Decision.Kind.ACCEPT: _("accepted"),
    Decision.Kind.CORRECT: _("corrected"),
    Decision.Kind.REJECT: _("rejected"),
    Decision.Kind.UNVERIFIABLE: _("found unverifiable"),
    Decision.Kind.REOPEN: _("opened again"),
    Decision.Kind.RESTORE: _("brought back to an earlier state"),
}
Shown = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision. `by` and `why` are for editors alone. `beside`: a second reading, which the
    claim's state does not follow."""

    what: str
    at: datetime
    by: str
    why: str
    beside: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's values before and after a change, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the claim's row; the first one made it. `by` and `why` as of a decision.
    `event` is the id, and `version` the claim's version, of the state that it led to."""

    event: int
    version: int
    at: datetime
    made: bool
    fields: tuple[FieldChange, ...]
    by: str
    why: str


def _words(words: Mapping[Any, str | Promise]) -> Shown:
    return lambda value: str(words.get(value, value))


def _row(value: Any) -> str:
    return "" if value is None else str(value)


# The fields whose changes are told, with their names and how a value is put.
FIELDS: dict[str, tuple[str | Promise, Shown]] = {
    "state": (_("state"), _words(STATES)),
    "document": (_("version of the article"), lambda text: str(text.version)),
    "place": (_("town"), _row),
    "claimant": (_("claimant"), _row),
    "speaker": (_("speaker"), str),
    "stance": (_("stance"), _words(STANCES)),
    "predicate": (_("predicate"), _words(SAID)),
    "subject": (_("subject"), _row),
    "extent": (_("extent"), _words(EXTENTS)),
    "part_words": (_("part, as written"), str),
    "part_label": (_("part"), str),
    "asserted_on": (_("said on"), lambda day: day_in_words(day)),
    "asserted_precision": (_("said on, precise to"), _words(PRECISIONS)),
    "event_date": (_("about"), lambda day: day_in_words(day) if day else ""),
    "event_precision": (_("about, precise to"), _words(PRECISIONS)),
    "duplicate_of": (_("the same as"), _row),
    "no_longer_found": (
        _("still found by extraction"),
        lambda gone: gettext("no") if gone else gettext("yes"),
    ),
}
_ROWS = ("document", "place", "claimant", "subject", "duplicate_of")
_LABELLED = ("place", "claimant", "subject", "document__publisher")  # what a claim's label names


def decisions(claim: Claim) -> tuple[Decided, ...]:
    """The decisions on `claim`, the latest first. One query."""
    rows = claim.decisions.select_related("by").order_by("-at", "-id")
    second = Decision.Reading.SECOND
    return tuple(
        Decided(
            _decided(row),
            row.at,
            row.by.get_username(),
            str(row.why),
            beside=row.reading == second,
        )
        for row in rows
    )


def _decided(row: Decision) -> str:
    what = str(DECIDED[row.kind])
    if row.kind == Decision.Kind.REOPEN and row.reading != Decision.Reading.FIRST:
        return gettext("a reading taken back")
    if row.reading == Decision.Reading.SECOND:
        return gettext("%(decision)s by a second reader") % {"decision": what}
    if row.reading == Decision.Reading.ADJUDICATION:
        return gettext("%(decision)s by an adjudicator") % {"decision": what}
    return what


def changes(claim: Claim) -> tuple[Change, ...]:
    """Every change of the claim's row that is told, the latest first. Two queries."""
    rows = list(states(claim))
    contexts = [row.pgh_context.metadata if row.pgh_context else {} for row in rows]
    users = User.objects.in_bulk({context["user"] for context in contexts if "user" in context})
    found = [
        Change(
            event=after.pgh_id,
            version=after.version,
            at=after.pgh_created_at,
            made=before is None,
            fields=() if before is None else tuple(differences(before, after)),
            by=_name(users.get(context.get("user", 0))),
            why=str(context.get("reason", "")),
        )
        for (before, after), context in zip(pairwise([None, *rows]), contexts, strict=True)
    ]
    return tuple(change for change in reversed(found) if change.made or change.fields)


def states(claim: Claim) -> QuerySet[Any]:
    """The rows of the claim's history, the earliest first, with what their fields name."""
    events: Any = claim.events  # type: ignore[attr-defined]  # made by pghistory's decorator
    labelled = (f"duplicate_of__{name}" for name in _LABELLED)
    found: QuerySet[Any] = events.select_related(*_ROWS, "pgh_context", *labelled)
    return found.defer("document__text").order_by("pgh_id")


def told(row: Any, name: str) -> str:
    """What a field of a claim, or of a row of its history, holds, in words."""
    return FIELDS[name][1](getattr(row, name))


def differences(before: Any, after: Any) -> Iterable[FieldChange]:
    """The fields that two states of a claim have otherwise."""
    for name, (label, _shown) in FIELDS.items():
        if getattr(before, name) != getattr(after, name):
            yield FieldChange(str(label), told(before, name), told(after, name))


def _name(user: User | None) -> str:
    return "" if user is None else user.get_username()
