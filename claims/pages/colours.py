"""The fills of statuses: references to patterns that `_components/patterns.html` draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from claims.pages.wording import HasStatus

# A party without a colour of its own: a third party that says it has the town.
NEUTRAL = "#7d7d7d"
STRIPE = 6  # pixels


@dataclass(frozen=True, slots=True)
class Fill:
    """How a status looks: SVG's `fill`, and the colour of its edge ("" for none)."""

    fill: str
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Stripes:
    """A repeated row of stripes: their colours with where each begins, in pixels."""

    id: str
    bars: tuple[tuple[int, str], ...]
    width: int


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns that a page needs: hatches as (id, colour), and stripes."""

    hatches: tuple[tuple[str, str], ...]
    stripes: tuple[Stripes, ...]


def fill_of(interval: HasStatus, colours: Mapping[str, str]) -> Fill:
    sides = _colours(interval.sides, colours)
    if interval.status == "controlled":
        return Fill(sides[0])
    if interval.status == "claimed":
        return Fill(f"url(#{pattern_id('hatch', sides[:1])})", sides[0])
    if interval.status == "contested":
        return Fill(f"url(#{pattern_id('stripes', _stripes(sides))})")
    if interval.status == "fought-over":
        return Fill("url(#crosses)", sides[0] if interval.sides else "")
    return Fill("none")


def patterns_for(shown: Iterable[tuple[HasStatus, Mapping[str, str]]]) -> Patterns:
    """What the fills of these statuses, each with its conflict's colours, refer to."""
    hatches: set[str] = set()
    stripes: set[tuple[str, ...]] = set()
    for interval, colours in shown:
        sides = _colours(interval.sides, colours)
        if interval.status == "claimed":
            hatches.add(sides[0])
        elif interval.status == "contested":
            stripes.add(_stripes(sides))
    return Patterns(
        tuple((pattern_id("hatch", [colour]), colour) for colour in sorted(hatches)),
        tuple(
            Stripes(
                pattern_id("stripes", colours),
                tuple((number * STRIPE, colour) for number, colour in enumerate(colours)),
                len(colours) * STRIPE,
            )
            for colours in sorted(stripes)
        ),
    )


def pattern_id(kind: str, colours: Iterable[str]) -> str:
    return "-".join([kind, *(colour.removeprefix("#") for colour in colours)])


def _stripes(colours: tuple[str, ...]) -> tuple[str, ...]:
    """A single side's town that a third party contests is striped with the neutral colour."""
    return colours if len(colours) > 1 else (*colours, NEUTRAL)


def _colours(sides: Sequence[str], colours: Mapping[str, str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(colours.get(key, NEUTRAL) for key in sides))
    return found or (NEUTRAL,)
