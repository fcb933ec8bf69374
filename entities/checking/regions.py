"""Where wars are fought: known to the gazetteer, and in no other war."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from entities.checking.findings import Finding
from entities.pack_reading import Draft
from entities.places import GazetteerPlace, read_admin1


def check_regions(drafts: Sequence[Draft], places: Collection[GazetteerPlace]) -> Iterator[Finding]:
    """The regions of all packs, by themselves and between packs."""
    divisions = set(read_admin1())
    countries = {division.split(".")[0] for division in divisions}
    inhabited = {entry.region for entry in places} | {entry.place.country for entry in places}
    taken: dict[str, str] = {}
    for draft in drafts:
        for region in draft.pack.war.regions if draft.pack.war else ():
            top = draft.file.top
            if region not in divisions | countries:
                reason = f"the gazetteer knows no region {region!r}"
                yield Finding.at(top, "regions", "region-unknown", reason, region)
            elif region not in inhabited:
                reason = f"the gazetteer has no place in {region!r}"
                yield Finding.at(top, "regions", "region-empty", reason, region)
            for other, file in taken.items():
                if _overlap(region, other):
                    reason = f"{region!r} is in {file} too, by {other!r}"
                    yield Finding.at(top, "regions", "region-overlap", reason, region)
            taken[region] = draft.file.path.name


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
