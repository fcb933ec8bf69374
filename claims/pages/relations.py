"""Relations between claims in plain words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.pages.wording import count
from claims.relations import Related
from claims.status.relations import RelationKind, Why
from claims.status.words import Name, Word
from entities.models import Side

# What the later claim does to the earlier one, and what the earlier one has met with.
DOES: dict[RelationKind, str | Promise] = {
    "denies": _("denies"),
    "concedes": _("concedes"),
    "repeats": _("repeats"),
    "retracts": _("takes back"),
}
MET: dict[RelationKind, str | Promise] = {
    "denies": _("denied by"),
    "concedes": _("conceded by"),
    "repeats": _("repeated by"),
    "retracts": _("taken back by"),
}
WORDS: dict[Name, str | Promise] = {
    "controls": _("%(side)s has it"),
    "left": _("%(side)s has left it"),
    "not": _("%(side)s does not have it"),
    "attacks": _("%(side)s is attacking it"),
    "fighting": _("there is fighting in it"),
}
REASONS: dict[Why, str | Promise] = {
    "that very claim": _("%(who)s says %(later)s that what %(other)s said is not so."),
    "the opposite": _("%(who)s says %(later)s the opposite of what %(other)s said"),
    "not confirmed": _("%(who)s says %(later)s that it cannot confirm what it said itself."),
    "own loss": _("%(who)s, against its own side’s interest, says %(later)s what %(other)s said"),
    "later": _("%(who)s said the same %(before)s."),
    "carried": _("One statement of %(who)s, carried by another document."),
}
OWN_REASONS: dict[Why, str | Promise] = {
    "that very claim": _("%(who)s says %(later)s that what it said itself is not so."),
    "the opposite": _("%(who)s says %(later)s the opposite of what it said itself"),
}


def reason(related: Related, sides: Mapping[str, Side]) -> str:
    """Why the relation holds, in a sentence: who, how many days apart, against which words.
    `sides`: the town's, by key."""
    relation = related.relation
    reasons = {**REASONS, **(OWN_REASONS if relation.kind == "retracts" else {})}
    told = reasons[relation.why] % {
        "who": who(related.said),
        "other": who(related.before),
        "later": _later(relation.days),
        "before": _before(relation.days),
    }
    if told.endswith(".") or relation.word is None or relation.to_word is None:
        return told
    words = {
        "told": told,
        "word": word_in_words(relation.word, sides),
        "to_word": word_in_words(relation.to_word, sides),
    }
    if relation.kind == "concedes":
        return gettext("%(told)s: “%(word)s” after “%(to_word)s”.") % words
    return gettext("%(told)s: “%(word)s” against “%(to_word)s”.") % words


def who(claim: Claim) -> str:
    return str(claim.claimant or claim.document.publisher)


def word_in_words(word: Word, sides: Mapping[str, Side]) -> str:
    side = sides[word.side].name if word.side in sides else word.side
    return WORDS[word.name] % {"side": side}


def _later(days: int) -> str:
    if not days:
        return gettext("on the same day")
    return gettext("%(days)s later") % {"days": count(days, "day")}


def _before(days: int) -> str:
    if not days:
        return gettext("on the same day")
    return gettext("%(days)s before") % {"days": count(days, "day")}
