"""The drawing's parts as SVG, for the page and for the file alike. What they refer to (`#m-…`)
is in `definitions`; their colours and lines are the style sheet's.

Built as text rather than by templates: there are hundreds on a page.
"""

from __future__ import annotations

from functools import cache
from html import escape

from claims.drawing.bands import Stretch
from claims.drawing.density import ROOM, Column, Segment
from claims.drawing.marks import OUTLINES, Mark, Sign
from claims.extraction.records import Predicate

CONTROL: frozenset[Predicate] = frozenset({"captured", "holds", "withdrew"})
ROOM_FOR_SIGN = 9.0  # pixels: a segment this high shows the shape of its predicate


class Markup(str):
    """Markup that templates leave as it is; what came from outside is escaped in it."""

    __slots__ = ()

    def __html__(self) -> Markup:
        return self


@cache
def definitions() -> Markup:
    """The shapes of marks, to stand once in a page."""
    shapes = [
        f'<polygon id="m-{predicate}" points="{_points(points)}"/>'
        if points
        else f'<circle id="m-{predicate}" r="6.5"/>'
        for predicate, points in OUTLINES.items()
    ]
    strike = '<path class="strike-ground" d="M-11,0H11"/><path class="strike" d="M-11,0H11"/>'
    return Markup(f'<defs>{"".join(shapes)}<g id="m-strike">{strike}</g></defs>')


def sign(drawn: Sign) -> Markup:
    """A sign round the point 0,0."""
    colour = f' color="{escape(drawn.colour)}"' if drawn.colour else ""
    neutral = "" if drawn.colour else " neutral"
    pending = ' opacity="0.6"' if drawn.pending else ""
    small = ' transform="scale(0.5)"' if drawn.part else ""
    strike = '<use href="#m-strike"/>' if drawn.stance == "denies" else ""
    return Markup(
        f'<g class="sign {drawn.stance}{neutral}"{colour}{pending}>'
        f'<g{small}><use href="#m-{drawn.predicate}"/>{strike}</g></g>{_sign_words(drawn)}'
    )


def mark(placed: Mark, told: str, href: str) -> Markup:
    """A mark with what it tells, leading to `href`; with "" to nowhere."""
    drawn = placed.sign
    outside = {
        "before": '<text x="-9" y="4" text-anchor="end">‹</text>',
        "after": '<text x="9" y="4">›</text>',
    }.get(placed.outside, "")
    inner = f'<circle class="halo" r="10"/>{outside}{sign(drawn)}'
    return Markup(
        f"{_bar(placed)}"
        f'<svg class="mark" x="{placed.x:g}%" y="{placed.y:g}" width="1" height="1"'
        f' overflow="visible">{_linked(inner, told, href)}</svg>'
    )


def column(drawn: Column, told: str, href: str, *, per_claim: float, height: float) -> Markup:
    """A column on the ground of a row `height` pixels high, with its number above it. One that
    tells nothing is only looked at."""
    ground, parts = height - 2, []
    y = ground
    for segment in drawn.segments:
        y -= segment.count * per_claim
        parts.append(_segment(drawn, segment, y, segment.count * per_claim))
    middle = drawn.x + drawn.width / 2
    inner = (
        f'<rect class="column-ground" x="{drawn.x:g}%" y="{ROOM:g}" width="{drawn.width:g}%"'
        f' height="{ground - ROOM:g}"/>{"".join(parts)}'
        f'<text class="column-count" x="{middle:g}%" y="{y - 3:g}">{drawn.total}</text>'
    )
    return Markup(_linked(inner, told, href))


def stretch(
    drawn: Stretch,
    told: str,
    href: str,
    *,
    fill: str,
    edge: str = "",
    caption: str = "",
    top: float,
    height: float,
) -> Markup:
    """A stretch of a status band `height` pixels high from `top` on, its caption above it."""
    x, width = f"{drawn.x:g}%", f"{drawn.width:g}%"
    parts = [
        f'<rect class="stretch" x="{x}" y="{top:g}" width="{width}" height="{height:g}"'
        f" fill={_quoted(fill)}/>"
    ]
    if edge:
        parts.append(
            f'<rect class="edge" x="{x}" y="{top + height - 2:g}" width="{width}" height="3"'
            f" fill={_quoted(edge)}/>"
        )
    look = " ".join(filter(None, [drawn.interval.status, drawn.freshness or ""]))
    pending = " pending" if drawn.only_pending else ""
    shown = f'<g class="{look}{pending}">{"".join(parts)}</g>'
    around = _linked(shown, told, href)
    if drawn.starts:
        around += (
            f'<line class="start" x1="{x}" x2="{x}" y1="{top - 2:g}" y2="{top + height + 2:g}"/>'
        )
    if caption:
        around += (
            f'<text class="stretch-words" x="{x}" y="{top - 4:g}" dx="2" aria-hidden="true">'
            f"{escape(caption)}</text>"
        )
    return Markup(around)


def _segment(of: Column, segment: Segment, y: float, height: float) -> str:
    x, width = of.x + of.width * 0.1, of.width * 0.8
    kind = "control" if segment.predicate in CONTROL else "combat"
    neutral = "" if segment.colour else " neutral"
    colour = f' color="{escape(segment.colour)}"' if segment.colour else ""
    shape = ""
    if height >= ROOM_FOR_SIGN:
        shape = (
            f'<svg x="{x + width / 2:g}%" y="{y + height / 2:g}" width="1" height="1"'
            f' overflow="visible"><use class="column-sign" href="#m-{segment.predicate}"'
            ' transform="scale(0.5)"/></svg>'
        )
    return (
        f'<g class="segment {segment.stance} {kind}{neutral}"{colour}>'
        f'<rect x="{x:g}%" y="{y + 0.5:g}" width="{width:g}%" height="{max(height - 1, 0.8):g}"/>'
        f"{shape}</g>"
    )


def _linked(inner: str, told: str, href: str) -> str:
    title = f"<title>{escape(told)}</title>" if told else ""
    if not href:
        return f"<g>{title}{inner}</g>"
    return f'<a href="{escape(href)}" data-mark>{title}{inner}</a>'


def _bar(placed: Mark) -> str:
    if placed.bar is None:
        return ""
    start, width = placed.bar
    colour = placed.sign.colour
    return (
        f'<rect class="bar{"" if colour else " neutral"}" x="{start:g}%" y="{placed.y - 2:g}"'
        f' width="{width:g}%" height="4" rx="2"{f" color={_quoted(colour)}" if colour else ""}/>'
    )


def _sign_words(drawn: Sign) -> str:
    words = ("?" if drawn.stance == "unconfirmed" else "") + drawn.part_label
    if not words:
        return ""
    return f'<text class="mark-words" x="{6 if drawn.part else 9}" y="4">{escape(words)}</text>'


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'
