"""Captures in ACLED's columns (https://acleddata.com), in its order and words, for programs that
read those. What they cannot say, or what claims do not tell, is named column by column."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import override

from claims.exports.columns import Column, Table
from claims.exports.tables.acled import (
    BATTLES,
    CIVILIANS,
    DEVELOPMENTS,
    FOREIGN,
    OVERTAKEN,
    REBELS,
    REGAINED,
    STATE,
    TIME_PRECISION,
    TRANSFER,
    VIOLENCE,
    event_of,
    interaction,
)
from claims.exports.tables.captures import Capture, captures, count
from claims.exports.tables.towns import TownsForm
from claims.models import Claim
from entities.countries import country_name

MOST_TOLD = 10  # claims that the notes tell of


def _nothing(capture: Capture) -> Any:
    return None


def _id(capture: Capture) -> str:
    return f"{capture.place.country}{capture.first.pk.hex}"


def _event(capture: Capture) -> tuple[str, str, str]:
    return event_of(capture.kind, violent=capture.violent)


def _other_kind(capture: Capture) -> str:
    return capture.loser.kind if capture.loser else ""


def _associated(capture: Capture) -> str:
    captor = capture.captor
    return captor.parent.name if captor and captor.parent else ""


def _sources(capture: Capture) -> str:
    return "; ".join(dict.fromkeys(str(claim.document.publisher) for claim in capture.claims))


def _notes(capture: Capture) -> str:
    with override(settings.LANGUAGE_CODE):
        told = [
            f"{claim.label} ({claim.document.publisher}, said on {claim.asserted_on.isoformat()}): "
            f"{capture.site}{claim.get_absolute_url()}"
            for claim in capture.claims[:MOST_TOLD]
        ]
    more = len(capture.claims) - MOST_TOLD
    return " ".join([*told, f"{more} more."] if more > 0 else told)


def _tags(capture: Capture) -> str:
    verified = sum(claim.state in Claim.VERIFIED for claim in capture.claims)
    tags = ["verified" if verified else "pending", f"claims={len(capture.claims)}"]
    if any(claim.place_ambiguous for claim in capture.claims):
        tags.append("place ambiguous")
    return "; ".join(tags)


def _geo_precision(capture: Capture) -> int | None:
    return None if capture.place.latitude is None else 1


_KINDS = f"{STATE}, {REBELS}, {CIVILIANS}, {FOREIGN}"
_KIND_LOST = (
    "A state's forces are state forces in their own country and external ones elsewhere; every "
    "movement is a rebel group, where ACLED tells militias and private companies apart."
)
_NOT_CODED = "Always empty: not coded here."
_LOSER_LOST = "The side that had the town the day before, else the other of a conflict's two sides."
COLUMNS = (
    Column(
        *("event_id_cnty", "text", "The event's id.", _id),
        "the country's ISO 3166-1 alpha-2 code and the id of its first claim",
        "ACLED has three letters and a number. It becomes another when that claim is rejected.",
    ),
    Column("event_date", "day", "The day that it is said to be of.", lambda c: c.on),
    Column("year", "integer", "That day's year.", lambda c: c.on.year),
    Column(
        *("time_precision", "integer", "How precisely the day is known."),
        lambda c: TIME_PRECISION[c.first.precision],
        "1 day, 2 week, 3 month",
        "Empty where only the year is known, which ACLED does not code.",
    ),
    Column(
        *("disorder_type", "word", "As ACLED has it.", lambda c: _event(c)[0]),
        f"{VIOLENCE}, {DEVELOPMENTS}",
    ),
    Column(
        *("event_type", "word", "As ACLED has it.", lambda c: _event(c)[1]),
        f"{BATTLES}, {DEVELOPMENTS}",
    ),
    Column(
        *("sub_event_type", "word", "As ACLED has it.", lambda c: _event(c)[2]),
        f"{REGAINED}, {OVERTAKEN}, {TRANSFER}",
        "Non-violent where claims of the 30 days before tell of a withdrawal and of no combat.",
    ),
    Column(
        *("actor1", "word", "Who captured the town."),
        lambda c: c.captor.name if c.captor else None,
        lossy="As named here, not as ACLED names its actors; empty where it is not told.",
    ),
    Column("assoc_actor_1", "word", "What that actor belongs to.", _associated),
    Column("inter1", "word", "What kind of actor it is.", lambda c: c.kind, _KINDS, _KIND_LOST),
    Column(
        *("actor2", "word", "The side that lost it."),
        lambda c: c.loser.name if c.loser else None,
        lossy=_LOSER_LOST,
    ),
    Column("assoc_actor_2", "word", _NOT_CODED, _nothing, lossy=_NOT_CODED),
    Column("inter2", "word", "What kind of actor it is.", _other_kind, _KINDS, _KIND_LOST),
    Column(
        *("interaction", "word", "Both kinds."),
        lambda c: interaction(c.kind, _other_kind(c)),
        "kind-kind",
        "Empty where only one actor is told.",
    ),
    Column("civilian_targeting", "word", _NOT_CODED, _nothing, lossy=_NOT_CODED),
    Column("iso", "integer", _NOT_CODED, _nothing, lossy="Always empty: see `event_id_cnty`."),
    Column("region", "word", _NOT_CODED, _nothing, lossy=_NOT_CODED),
    Column(
        *("country", "word", "The country, by its usual English name."),
        lambda c: country_name(c.place.country),
    ),
    Column("admin1", "word", "The first-level region.", lambda c: c.place.admin1),
    Column("admin2", "word", _NOT_CODED, _nothing, lossy=_NOT_CODED),
    Column("admin3", "word", _NOT_CODED, _nothing, lossy=_NOT_CODED),
    Column("location", "word", "The town.", lambda c: c.place.name),
    Column(
        *("latitude", "number", "The town's.", lambda c: c.place.latitude, "degrees, WGS 84"),
    ),
    Column(
        *("longitude", "number", "The town's.", lambda c: c.place.longitude, "degrees, WGS 84"),
    ),
    Column(
        *("geo_precision", "integer", "How precisely the place is known.", _geo_precision),
        "1 the town",
        "Empty where its coordinates are not known; 2 and 3 are never used.",
    ),
    Column("source", "text", "Who published it, each once.", _sources, "joined by ; "),
    Column("source_scale", "word", _NOT_CODED, _nothing, lossy=_NOT_CODED),
    Column(
        *("notes", "text", "What each claim says, who published it, and its page.", _notes),
        lossy="At most ten claims.",
    ),
    Column(
        *("fatalities", "integer", "Always empty: casualties are not coded.", _nothing),
        lossy="Always empty, which is not 0.",
    ),
    Column(
        *("tags", "text", "Whether an editor verified one of the claims, and how many there are."),
        *(_tags, "verified or pending; claims=number; place ambiguous"),
    ),
    Column(
        *("timestamp", "integer", "When a claim of it last changed."),
        lambda c: int(max(claim.changed for claim in c.claims).timestamp()),
        "seconds since 1970",
    ),
)

TABLE = Table(
    name="control-changes",
    meaning="One row a capture, in ACLED's columns: claims that assert that somebody captured a "
    "whole town, those about the same town, captor and day in one. Captures of parts, holds and "
    "withdrawals are left out; a capture that is denied is a row all the same. Lossy: "
    "event_id_cnty, time_precision, sub_event_type, actor1, inter1, actor2, inter2, interaction, "
    "geo_precision, notes; always empty: assoc_actor_2, civilian_targeting, iso, region, admin2, "
    "admin3, source_scale, fatalities.",
    columns=COLUMNS,
    form=TownsForm,
    items=captures,
    count=count,
    key="event_id_cnty",
)
