"""The rows of what names in extractions mean: places and actors that packs and gazetteers know,
those that editors have ruled on, and provisional ones, which are made where they are not there.

They are loaded at once for the claims of many documents: what is there takes no query more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from claims.extraction.records import ActorRef, ExtractedClaim, PlaceRef
from claims.names.ruled import name_key, provisional_key, ruled_names
from claims.own_sides import PROVISIONAL
from entities.folding import fold
from entities.models import Actor, ActorName, Allegiance, Conflict, Place, PlaceName, Side


class NameRows:
    """Of the names in some claims. `ruled`: what editors have said that they mean.

    To be used in the transaction in which it was made: at most four queries, and some more for
    each provisional row that is new, or of which a text tells more.
    """

    def __init__(self, claims: Collection[ExtractedClaim]) -> None:
        self.ruled = ruled_names(claims)
        self._claims = claims
        self._told: dict[tuple[ActorRef, str | None], Actor] = {}

    # Only where a row is asked for: a text that is read again mostly says nothing new.
    @cached_property
    def _places(self) -> dict[str, Place]:
        keys = {_key(claim.place) for claim in self._claims}
        return Place.objects.in_bulk(keys, field_name="key")

    @cached_property
    def _actors(self) -> dict[str, Actor]:
        slugs = {_slug(ref) for ref in _actor_refs(self._claims)}
        return Actor.objects.in_bulk(slugs, field_name="slug")

    @cached_property
    def _sides(self) -> set[tuple[str, str, str]]:
        return _sides(one for one in self._actors.values() if one.provisional)

    def prepare(self, claims: Iterable[ExtractedClaim]) -> None:
        """Make all rows that these claims lack, in an order in which two that do so at once wait
        for each other, and neither for ever."""
        claims = list(claims)
        for place in sorted({claim.place for claim in claims}, key=_key):
            self.place(place)
        refs = {
            (ref, claim.place.conflict)
            for claim in claims
            for ref in (claim.claimant, claim.subject)
            if ref is not None
        }
        for actor, conflict in sorted(refs, key=lambda pair: (pair[0].name, pair[1] or "")):
            self.actor(actor, conflict)

    def place(self, ref: PlaceRef) -> Place:
        """One that neither gazetteer nor editor knows is provisional."""
        if ref.key:
            return self._places[ref.key]
        return self.ruled.place(ref) or self._provisional_place(ref)

    def actor(self, ref: ActorRef | None, conflict: str | None) -> Actor | None:
        """`conflict`: the slug of the one that the claim is told in. None for no name."""
        if ref is None:
            return None
        if ref.key:
            return self._actors[ref.key]
        return self.ruled.actor(ref) or self._provisional_actor(ref, conflict)

    def _provisional_place(self, ref: PlaceRef) -> Place:
        key = _key(ref)
        if key not in self._places:
            self._places[key], created = Place.objects.get_or_create(
                key=key,
                defaults={
                    "name": ref.name[:200],
                    "conflict": Conflict.objects.filter(slug=ref.conflict or "").first(),
                    "provisional": True,
                },
            )
            if created:
                place = self._places[key]
                PlaceName.objects.create(place=place, name=place.name, folded=fold(place.name))
        return self._places[key]

    def _provisional_actor(self, ref: ActorRef, conflict: str | None) -> Actor:
        """An actor that no pack knows, on the side that extraction gave it in this conflict; in
        none, a part of the state or movement that it belongs to."""
        if (ref, conflict) not in self._told:
            actor = self._told[ref, conflict] = self._actors.get(_slug(ref)) or self._made(ref)
            self._put_below(actor, ref, conflict)
            self._put_on_side(actor, ref.side, conflict)
        return self._told[ref, conflict]

    def _made(self, ref: ActorRef) -> Actor:
        values = {"name": ref.name[:200], "kind": ref.kind, "official": ref.official}
        actor, created = Actor.objects.get_or_create(
            slug=_slug(ref), defaults={**values, "provisional": True}
        )
        self._actors[actor.slug] = actor
        if created:
            names = dict.fromkeys(name[:200] for name in (ref.name, *ref.names))
            ActorName.objects.bulk_create(
                ActorName(actor=actor, name=name, folded=fold(name), order=order)
                for order, name in enumerate(names)
            )
        return actor

    def _put_below(self, actor: Actor, ref: ActorRef, conflict: str | None) -> None:
        """As part of what it belongs to, unless something else is known of it."""
        if ref.parent is None or actor.parent_id or not actor.provisional or actor.edited:
            return
        above = self._actors.get(ref.parent.key) if ref.parent.key else None
        actor.parent = (
            above or self.ruled.actor(ref.parent) or self._provisional_actor(ref.parent, conflict)
        )
        actor.kind, actor.official = ref.kind, ref.official
        actor.save(update_fields=["parent", "kind", "official"])

    def _put_on_side(self, actor: Actor, side: str | None, conflict: str | None) -> None:
        if not side or not conflict or (actor.slug, conflict, side) in self._sides:
            return
        self._sides.add((actor.slug, conflict, side))
        if row := Side.objects.filter(conflict__slug=conflict, key=side).first():
            Allegiance.objects.get_or_create(actor=actor, side=row, since=None)


def _key(ref: PlaceRef) -> str:
    return ref.key or provisional_key(ref.name, ref.conflict)


def _slug(ref: ActorRef) -> str:
    return ref.key or f"{PROVISIONAL}{name_key(ref.name)}"


def _actor_refs(claims: Iterable[ExtractedClaim]) -> Iterator[ActorRef]:
    for claim in claims:
        for ref in (claim.claimant, claim.subject):
            while ref is not None:
                yield ref
                ref = ref.parent


def _sides(actors: Iterable[Actor]) -> set[tuple[str, str, str]]:
    """On which sides they have been from the beginning: slugs of actor and conflict, the key."""
    rows = Allegiance.objects.filter(actor__in=list(actors), since=None).order_by()
    return {*rows.values_list("actor__slug", "side__conflict__slug", "side__key")}
