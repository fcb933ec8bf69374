"""The names inbox: the names that nobody has ruled on, and one of them with all that helps to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.extraction.records import NameKind
from claims.models import Claim, ExtractionRun, NameDecision, Suggestion
from claims.names.inbox import NO_CONFLICT, NameUse, OpenName, claims_on, sentences, use_of
from claims.names.known import Known
from claims.names.likely import Likely, likely
from claims.pages.bench.names import KnownShown, known_shown
from claims.pages.forms import AskForm
from entities.models import Actor, Conflict, Place

SENTENCES, CLAIMS, LATELY = 6, 6, 8
NAME_KINDS = {"actor": _("actors"), "place": _("places")}
TAKEN_FOR = {
    "town": _("a town"),
    "claimant": _("somebody who makes a claim"),
    "subject": _("somebody whom a claim is about"),
}
OUTCOMES = {
    NameDecision.Outcome.NEW: _("new: %(row)s"),
    NameDecision.Outcome.ALIAS: _("another name of %(row)s"),
    NameDecision.Outcome.SPEAKER: _("a speaker of %(row)s"),
    NameDecision.Outcome.IGNORE: _("ignored"),
}


class InboxForm(AskForm):
    """What of the inbox is shown."""

    kind = forms.ChoiceField(
        label=_("Names of"),
        required=False,
        choices=[("", _("actors and places")), *NAME_KINDS.items()],
    )
    conflict = forms.ChoiceField(label=_("Conflict"), required=False)
    q = forms.CharField(label=_("Part of the name"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Conflict"),
            required=False,
            choices=[
                ("", _("all conflicts")),
                *Conflict.objects.values_list("slug", "name"),
                (NO_CONFLICT, _("no conflict")),
            ],
        )


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence; `marked`: it is the name."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a text first writes the name, and what it was taken for there."""

    suggestion: Suggestion
    pieces: tuple[Piece, ...]
    taken_for: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known one that may be meant. `how`: why it is offered."""

    shown: KnownShown
    how: str


@dataclass(frozen=True, slots=True)
class NamePage:
    """One name with its uses. `stands`: the provisional row that claims hold meanwhile.
    `speaks_for`: whom a person was taken to speak for."""

    name: OpenName
    use: NameUse
    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    candidates: tuple[Candidate, ...]
    conflicts: tuple[str, ...]
    stands: Actor | Place | None
    speaks_for: str

    @property
    def more_documents(self) -> int:
        """In how many more than are shown it stands."""
        return self.name.documents - len(self.sentences)

    @property
    def more_claims(self) -> int:
        return self.name.claims - len(self.claims)


@dataclass(frozen=True, slots=True)
class Lately:
    """A ruling that stands, in words."""

    decision: NameDecision
    told: str


def asked_name(query: QueryDict) -> tuple[NameKind, str] | None:
    """The name that an address asks for ("place:oumkessa")."""
    kind, _colon, folded = query.get("name", "").partition(":")
    return (kind, folded) if kind in get_args(NameKind) and folded else None  # type: ignore[return-value]  # checked


def name_page(name: OpenName) -> NamePage:
    """A constant number of queries."""
    use = use_of(name.kind, name.folded)
    found = tuple(_sentence(one) for one in sentences(use, SENTENCES))
    claims = (
        claims_on(name.kind, use.rows)
        .live()
        .select_related("place", "claimant", "subject", "document__publisher")
    )
    wars = [war for war in use.conflicts if war is not None]
    names = Conflict.objects.filter(pk__in=wars).values_list("name", flat=True)
    return NamePage(
        name=name,
        use=use,
        sentences=found,
        claims=tuple(claims.defer("document__text").order_by("-asserted_on", "id")[:CLAIMS]),
        candidates=tuple(
            _candidate(name, one) for one in likely(name.kind, name.folded, use.conflicts)
        ),
        conflicts=tuple(names),
        stands=use.rows[0] if use.rows else None,
        speaks_for=next((one.suggestion.of for one in found if one.suggestion.of), ""),
    )


def _sentence(one: Suggestion) -> Sentence:
    return Sentence(one, marked(" ".join(one.sentence.split()), one.name), taken_for(one))


def taken_for(one: Suggestion) -> str:
    if one.taken_for == "speaker":
        if one.of:
            return gettext("a speaker for %(of)s") % {"of": one.of}
        return gettext("a speaker")
    return str(TAKEN_FOR[one.taken_for])


def marked(text: str, name: str) -> tuple[Piece, ...]:
    """The text with every use of the name apart; as it is where it has none, as where a name
    is a description's."""
    pieces, at, lower, wanted = [], 0, text.casefold(), name.casefold()
    if not wanted or len(lower) != len(text):
        return (Piece(text, marked=False),)
    while (found := lower.find(wanted, at)) >= 0:
        pieces += [
            Piece(text[at:found], marked=False),
            Piece(text[found : found + len(name)], marked=True),
        ]
        at = found + len(name)
    pieces.append(Piece(text[at:], marked=False))
    return tuple(piece for piece in pieces if piece.text)


def _candidate(name: OpenName, one: Likely) -> Candidate:
    same = gettext("the same spelling")
    how = same if one.same else gettext("spelled alike")
    known: Known[Any] = Known(one.row, one.spelling)
    return Candidate(known_shown(name.kind, known), how)


def lately() -> list[Lately]:
    """The latest rulings that stand, the latest first. One query."""
    rows = NameDecision.objects.standing().select_related("actor", "place", "by")
    return [Lately(row, outcome_in_words(row)) for row in rows[:LATELY]]


def outcome_in_words(ruling: NameDecision) -> str:
    """E.g. "another name of Harrok"."""
    words = str(OUTCOMES[NameDecision.Outcome(ruling.outcome)])
    return words % {"row": ruling.actor or ruling.place}


def waiting_again() -> int:
    """How many documents wait to be read, or are being read."""
    states = (ExtractionRun.State.WAITING, ExtractionRun.State.RUNNING)
    return ExtractionRun.objects.filter(state__in=states).count()
