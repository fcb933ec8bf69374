"""The rule sets in words, and which towns one of them would show otherwise than v1 does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.flips import Flip, flips
from claims.models import Claim
from claims.own_sides import own_sides
from claims.pages.badges import Badge, badge
from claims.pages.colours import Patterns, patterns_for
from claims.pages.forms import AskForm, day_field
from claims.pages.wording import RULES, day_in_words, said_on
from claims.status.records import Interval
from claims.status.rule_sets import RULE_SETS, V1, VARIANTS
from entities.models import Conflict, Place, Side


@dataclass(frozen=True, slots=True)
class SetInWords:
    """`beside`: what v1 has instead."""

    name: str
    title: str | Promise
    words: str | Promise
    beside: str | Promise = ""


SETS_IN_WORDS = {
    one.name: one
    for one in (
        SetInWords(
            V1.name,
            _("The rules of this site"),
            _("All statuses that pages, API and lists show follow by them."),
        ),
        SetInWords(
            "repeat-90",
            _("Denials and fighting fade after 90 days"),
            _(
                "A denial, an attack or fighting that its side has not repeated for 90 days ends"
                " at the town’s next claim."
            ),
            _("after 180 days"),
        ),
        SetInWords(
            "no-publishers",
            _("Publishers’ own voices do not count"),
            _(
                "What newspapers and agencies say in their own voice is left out; whom they quote"
                " counts."
            ),
            _(
                "their own voices count where no actor has said who controls the town, for"
                " fighting that no capture stands against, and to name who took a town that was"
                " conceded"
            ),
        ),
        SetInWords(
            "officials",
            _("Only official actors’ words count"),
            _(
                "Governments, ministries, army commands, armed movements themselves and regions’"
                " governors, of the war’s sides, and of them no unnamed speaker."
            ),
            _("mayors, units, allied groups, third parties and publishers count too"),
        ),
        SetInWords(
            "any-concedes",
            _("Any actor of a side can concede a town"),
            _(
                "A mayor’s, a unit’s or an allied group’s word that its own side lost the town"
                " counts as much as an official actor’s, but no unnamed speaker’s."
            ),
            _("only official actors can"),
        ),
    )
}


class RulesForm(AskForm):
    rules = forms.ChoiceField(
        label=_("Compare v1 with"),
        required=False,
        choices=[("", "—"), *((one.name, SETS_IN_WORDS[one.name].title) for one in VARIANTS)],
    )
    conflict = forms.ChoiceField(required=False)  # of those in the database
    on = day_field(_("On"))
    include_pending = forms.BooleanField(label=_("With pending claims"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all conflicts")), *Conflict.objects.values_list("slug", "name")]
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Conflict"), required=False, choices=choices
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule set says of a town. `badge` None: nothing that counts has been said."""

    badge: Badge | None
    since: str
    rule: int | None
    rule_text: str | Promise
    deciding: tuple[tuple[Claim, str], ...]  # each with the day on which it was said


@dataclass(frozen=True, slots=True)
class FlipRow:
    place: Place
    before: Told
    after: Told


@dataclass(frozen=True, slots=True)
class Comparison:
    """The towns of one page of the list that flip on the day `on`, of so many `compared`."""

    chosen: SetInWords
    on: date
    compared: int
    rows: tuple[FlipRow, ...]
    patterns: Patterns


def comparison(towns: Page[Place], name: str, on: date, *, include_pending: bool) -> Comparison:
    """v1 beside the rule set of that name, for one page of towns."""
    # A page's list is typed more loosely than what it is: a slice of the query.
    these = cast("QuerySet[Place]", towns.object_list)
    found = list(flips(these, RULE_SETS[name], on=on, include_pending=include_pending))
    shown = [
        (interval, {key: side.colour for key, side in _sides(flip).items()})
        for flip in found
        for interval in (flip.before, flip.after)
        if interval
    ]
    return Comparison(
        SETS_IN_WORDS[name],
        on,
        towns.end_index() - towns.start_index() + 1 if towns.paginator.count else 0,
        tuple(
            FlipRow(flip.place, _told(flip, flip.before, on), _told(flip, flip.after, on))
            for flip in found
        ),
        patterns_for(shown),
    )


def _told(flip: Flip, interval: Interval | None, on: date) -> Told:
    if interval is None:
        return Told(None, "", None, "", ())
    return Told(
        badge(interval, _sides(flip), last_word_on=interval.last_word_by(on), today=on),
        day_in_words(interval.start),
        interval.rule,
        RULES[interval.rule],
        _with_days(flip.deciding(interval)),
    )


def _with_days(claims: Sequence[Claim]) -> tuple[tuple[Claim, str], ...]:
    return tuple((claim, said_on(claim)) for claim in claims)


def _sides(flip: Flip) -> dict[str, Side]:
    """The sides of the town's conflict by key; in none, those of whoever its claims name."""
    conflict = flip.place.conflict
    if conflict is None:
        return own_sides(
            actor for claim in flip.claims.values() for actor in (claim.claimant, claim.subject)
        )
    return {side.key: side for side in conflict.sides.all()}
