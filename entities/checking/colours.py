"""The sides' colours: seen on the pages' grounds, and told apart with any colour vision."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from coloraide import Color

from entities.checking.findings import Finding
from entities.pack_reading import Draft

# What charts and maps are drawn on, light and dark (`--ground` and `--raised` of base.css).
GROUNDS = ("#fbfbf9", "#ffffff", "#15181b", "#1c2024")
LEAST_CONTRAST = 3.0  # WCAG 2.2, 1.4.11
LEAST_DISTANCE = 10.0  # CIEDE2000; about 2 is the least that can be seen side by side
# Vision without one kind of cone, by the names that the simulation has for it.
_DEFICIENCIES = {"red": "protan", "green": "deutan", "blue": "tritan"}


def check_colours(draft: Draft) -> Iterator[Finding]:
    """Each side's contrast, and the distance of every two sides of the pack's war."""
    sides = draft.pack.war.sides if draft.pack.war else ()
    for side, table in zip(sides, draft.sides, strict=True):
        contrast, ground = min((Color(side.colour).contrast(ground), ground) for ground in GROUNDS)
        if contrast < LEAST_CONTRAST:
            reason = f"{side.colour} has a contrast of {contrast:.2f} against {ground}"
            yield Finding.at(table, "colour", "colour-contrast", reason)
    for (one, _), (other, table) in combinations(zip(sides, draft.sides, strict=True), 2):
        distance, eyes = nearest(one.colour, other.colour)
        if distance < LEAST_DISTANCE:
            reason = f"{other.colour} is {distance:.1f} from {one.key}'s {one.colour} {eyes}"
            yield Finding.at(table, "colour", "colour-distance", reason)


def nearest(one: str, other: str) -> tuple[float, str]:
    """The least distance (CIEDE2000) of two colours for any eyes, and for which."""
    first, second = Color(one), Color(other)
    distances = [(first.delta_e(second, method="2000"), "for all eyes")]
    for cone, filter_ in _DEFICIENCIES.items():
        seen = first.filter(filter_).delta_e(second.filter(filter_), method="2000")
        distances.append((seen, f"without the cones for {cone}"))
    return min(distances)
