"""From records back to packs and their TOML text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import Array, InlineTable, Table

from entities.catalogue import CataloguedActor, War
from entities.checking.actors import KINDS_WITH_SIDES
from entities.lexicon import Actor, Allegiance, Speaker
from entities.pack_reading import Pack

COMMON = "common"
_COMMON_NAME = "Third parties in every war"
_LONG = 90  # characters of a list from which on each entry has a line of its own


def packs_of(
    wars: Sequence[War], actors: Sequence[CataloguedActor], known: Sequence[Pack]
) -> list[Pack]:
    """The packs that name these wars and actors, in the order of their keys.

    An actor stays in the pack, and in its place there, in which `known` has it; others stand
    after them by key, in the pack of the first war in which they are on a side, or in the
    common one.
    """
    homes = {actor.key: pack.key for pack in known for actor in pack.actors}
    keys = (actor.key for pack in known for actor in pack.actors)
    order = {key: number for number, key in enumerate(keys)}
    of_war = {war.key: war for war in wars}
    entries = sorted(
        actors, key=lambda entry: (order.get(entry.actor.key, len(order)), entry.actor.key)
    )
    at_home: dict[str, list[Actor]] = {key: [] for key in (*sorted(of_war), COMMON)}
    own: dict[str, list[tuple[str, Allegiance]]] = {key: [] for key in at_home}
    allied: dict[str, list[tuple[str, Allegiance]]] = {key: [] for key in at_home}
    for entry in entries:
        key = entry.actor.key
        in_wars = sorted(war for war, _ in entry.allegiances)
        home = homes.get(key, "")
        if home not in at_home:
            home = in_wars[0] if in_wars else COMMON
        at_home[home].append(entry.actor)
        for war, allegiance in sorted(entry.allegiances, key=lambda pair: _since(pair[1])):
            (own if war == home else allied)[war].append((key, allegiance))
    return [
        Pack(key, Path(f"{key}.toml"), of_war.get(key), tuple(found), (*own[key], *allied[key]))
        for key, found in at_home.items()
    ]


def pack_text(pack: Pack) -> str:
    """A pack in TOML, as `entities/packs/README.md` has it."""
    text = tomlkit.document()
    text.add("key", tomlkit.item(pack.key))
    text.add("name", tomlkit.item(pack.war.name if pack.war else _COMMON_NAME))
    if pack.war:
        text.add("regions", _list(pack.war.regions))
        text.add("side", _tables([_side(side) for side in pack.war.sides]))
    by_actor: dict[str, list[Allegiance]] = {actor.key: [] for actor in pack.actors}
    allies: list[dict[str, Any]] = []
    for key, allegiance in pack.allegiances:
        if key in by_actor:
            by_actor[key].append(allegiance)
        else:
            allies.append({"actor": key, **_allegiance(allegiance)})
    tables = []
    for actor in pack.actors:
        allegiances = by_actor[actor.key]
        if not _in_turn(allegiances):  # which the actor's own table cannot say
            allies += [{"actor": actor.key, **_allegiance(one)} for one in allegiances[1:]]
            allegiances = allegiances[:1]
        third_party = pack.war is not None and not allegiances and actor.kind in KINDS_WITH_SIDES
        tables.append(_actor(actor, allegiances, third_party))
    if tables:
        text.add("actor", _tables(tables))
    if allies:
        text.add("ally", _tables(allies))
    return tomlkit.dumps(text)


def _side(side: Any) -> dict[str, Any]:
    return {"key": side.key, "name": side.name, "colour": side.colour}


def _actor(actor: Actor, allegiances: Sequence[Allegiance], third_party: bool) -> dict[str, Any]:
    fields: dict[str, Any] = {"key": actor.key, "name": actor.name, "kind": actor.kind}
    if actor.official:
        fields["official"] = True
    if actor.parent:
        fields["parent"] = actor.parent
    if third_party:
        fields["third_party"] = True
    if len(allegiances) == 1:
        fields |= _allegiance(allegiances[0])
    elif allegiances:
        fields["allegiances"] = _lines([_inline(_allegiance(one)) for one in allegiances])
    others = [name for name in actor.names if name != actor.name]
    lists = {"names": others, "demonyms": actor.demonyms, "metonyms": actor.metonyms}
    fields |= {field: _list(texts) for field, texts in lists.items() if texts}
    if actor.speakers:
        fields["speakers"] = _lines([_inline(_speaker(one)) for one in actor.speakers])
    return fields


def _speaker(speaker: Speaker) -> dict[str, Any]:
    fields: dict[str, Any] = {"names": list(speaker.names)}
    if speaker.role:
        fields["role"] = speaker.role
    return fields | _days(speaker)


def _allegiance(allegiance: Allegiance) -> dict[str, Any]:
    return {"side": allegiance.side, **_days(allegiance)}


def _days(record: Speaker | Allegiance) -> dict[str, Any]:
    days = {"since": record.since, "until": record.until}
    return {field: day for field, day in days.items() if day is not None}


def _in_turn(allegiances: Sequence[Allegiance]) -> bool:
    """Whether each begins after the one before has ended."""
    return all(
        earlier.until is not None and later.since is not None and later.since > earlier.until
        for earlier, later in pairwise(allegiances)
    )


def _since(allegiance: Allegiance) -> str:
    return allegiance.since.isoformat() if allegiance.since else ""


def _tables(tables: Sequence[Mapping[str, Any]]) -> Any:
    array = tomlkit.aot()
    for fields in tables:
        table: Table = tomlkit.table()
        for field, value in fields.items():
            table.add(field, value)
        array.append(table)
    return array


def _inline(fields: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update(fields)
    return table


def _list(texts: Sequence[str]) -> Array:
    array = tomlkit.array()
    array.extend(texts)
    return array.multiline(sum(len(text) + 4 for text in texts) > _LONG)


def _lines(tables: Sequence[InlineTable]) -> Array:
    array = tomlkit.array()
    array.extend(tables)
    return array.multiline(True)
