"""Statements told in plain news language, with the exact characters that carry each.

In a template, square brackets hold the evidence, and angle brackets in it the cue.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.worlds.cast import Town, Voice, War
from claims.extraction.records import Extent, Precision, Predicate, Stance

FRAMES: dict[Stance, tuple[str, ...]] = {
    "asserts": (
        "{who} said {day} that [{clause}].",
        "[{clause}], {who} said {day}.",
        "According to {who}, [{clause}]; the statement was made {day}.",
        "“[{clause}],” {who} said in a statement {day}.",
    ),
    "denies": (
        "{who} <denied> {day} that [{clause}].",
        "[It is <not true> that {clause}], {who} said {day}.",
        "Reports that [{clause} are <false>], {who} said {day}.",
    ),
    "unconfirmed": (
        "{who} said {day} that it [<could not confirm> that {clause}].",
        "{who}, asked {day}, [had <no confirmation> that {clause}].",
    ),
}
OWN_VOICE = ("[{clause}], the paper’s reporters found {day}.", "{day_first} [{clause}].")
CLAUSES: dict[Predicate, tuple[str, ...]] = {
    "captured": ("{men} had <captured> {town}{when}", "{men} had <taken> {town}{when}"),
    "holds": ("{men} <held> {town}", "{town} was <under the control> of {men}"),
    "advancing": ("{men} were <advancing> on {town}", "{men} were <pushing> towards {town}"),
    "encircled": ("{men} had <surrounded> {town}", "{men} had <cut off> {town}"),
    "fighting": ("there was <fighting> in {town}", "<clashes> went on in {town}"),
    "withdrew": ("{men} had <withdrawn> from {town}{when}", "{men} had <left> {town}{when}"),
}
AGAIN = (
    "[The words about {town}] were repeated by {who} some hours later.",
    "Asked whether [this went for all of {town}], {who} said no more.",
)
PARTS = (
    ("east", "the east"),
    ("west", "the west"),
    ("north", "the northern outskirts"),
    ("centre", "the centre"),
    ("station", "the railway station"),
)
LEADS = (
    "{place} — Shelling was heard in the early hours, and the road to the coast stayed closed.",
    "{place} — The line in the province moved little over the past days, and rain slowed traffic.",
    "{place} — Lorries with flour and fuel waited at the bridge while both banks counted losses.",
)
FILLERS = (
    "Aid workers counted {number} families at the crossing, most with what they could carry.",
    "The grain store at {other} reopened for {hours} hours, and {number} sacks were handed out.",
    "Power was out in {number} streets, engineers in {other} said, and would be for {hours} hours.",
    "Schools in {other} taught {number} children in cellars this week.",
    "None of this could be checked from outside: telephone lines were down for {hours} hours.",
)
ENDS = (
    "The talks in a third country were put off once more, for the {number}th time this year.",
    "More is to be said at a briefing in {hours} hours.",
)
SAID = ("Battle for {town} goes on", "Both sides speak of {town}", "What is known of {town}")
QUIET = ("Bread and fuel return to {town}", "A week in {town}", "Roads round {town} are cleared")
MARKS = re.compile(r"[\[\]<>]")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one says. `who` None: the paper itself. `part`: label and words, ("", "") for the
    whole town."""

    town: Town
    who: Voice | None
    stance: Stance
    predicate: Predicate
    about: Voice | None
    part: tuple[str, str]
    on: date
    precision: Precision
    event: tuple[date, Precision] | None

    @property
    def extent(self) -> Extent:
        return "part" if self.part[0] else "whole"

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it another statement than the others of its article."""
        return (
            *(self.town.id, self.who and self.who.id, self.stance, self.predicate),
            *(self.about and self.about.id, self.part[0], self.event),
        )


@dataclass(frozen=True, slots=True)
class Passage:
    start: int
    end: int
    cue: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`statement`: the number of the one that its passages carry, -1 for none."""

    text: str
    statement: int = -1
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)

    def passages(self, statement: int) -> list[Passage]:
        """Those of a statement, counted in the whole text."""
        found, start = [], 0
        for paragraph in self.paragraphs:
            if paragraph.statement == statement:
                for one in paragraph.passages:
                    found.append(Passage(start + one.start, start + one.end, one.cue))
            start += len(paragraph.text) + 2
        return found

    def edited(self, draw: random.Random) -> Article:
        """As another paper prints it: with a beginning of its own, and no end."""
        lead = Paragraph(draw.choice(LEADS).format(place="From our correspondent"))
        return Article(self.title, (lead, *self.paragraphs[1:-1]))


def tell(
    draw: random.Random,
    statements: Sequence[Statement],
    town: Town,
    towns: Sequence[Town],
    dispatch: str,
) -> Article:
    """An article with these statements; without any, of the town's bread and roads. `dispatch`:
    what no other article has, of hundreds of thousands some of which would else read the same."""
    paragraphs = [
        Paragraph(draw.choice(LEADS).format(place=town.name)),
        Paragraph(f"This is dispatch {dispatch}."),
    ]
    for number, statement in enumerate(statements):
        paragraphs.append(_told(draw, statement, number))
        if draw.random() < 0.6:
            paragraphs.append(_filler(draw, FILLERS, towns))
    paragraphs.extend(_filler(draw, FILLERS, towns) for _ in range(draw.randrange(1, 4)))
    paragraphs.append(_filler(draw, ENDS, towns))
    title = draw.choice(SAID if statements else QUIET).format(town=town.name)
    return Article(title, tuple(paragraphs))


def _filler(draw: random.Random, templates: Sequence[str], towns: Sequence[Town]) -> Paragraph:
    words = {
        "number": draw.randrange(20, 900),
        "hours": draw.randrange(2, 40),
        # Not by `choice`, of which it depends on the number how many chances it takes.
        "other": towns[int(draw.random() * len(towns))].name,
    }
    return Paragraph(draw.choice(templates).format(**words))


def _told(draw: random.Random, statement: Statement, number: int) -> Paragraph:
    who = statement.who.name if statement.who else "the editors"
    day = day_said(statement.on, statement.precision)
    words = {
        "who": who,
        "day": day,
        "day_first": day[0].upper() + day[1:],
        "clause": _clause(draw, statement),
        "town": statement.town.name,
    }
    frames = FRAMES[statement.stance] if statement.who else OWN_VOICE
    marked = draw.choice(frames).format(**words)
    if draw.random() < 0.12:
        marked += " " + draw.choice(AGAIN).format(**words)
    text, passages = read_marks(marked[0].upper() + marked[1:])
    return Paragraph(text, number, passages)


def _clause(draw: random.Random, statement: Statement) -> str:
    clause = draw.choice(CLAUSES[statement.predicate])
    if statement.stance != "asserts":  # there the cue is another
        clause = MARKS.sub("", clause)
    about, who = statement.about, statement.who
    men = (
        "" if about is None else f"its {about.men}" if about is who else f"{about.name} {about.men}"
    )
    place = statement.town.name
    if statement.part[0]:
        place = f"{statement.part[1]} of {place}"
    return clause.format(men=men, town=place, when=_when(statement.event))


def _when(event: tuple[date, Precision] | None) -> str:
    if event is None:
        return ""
    day, precision = event
    return {
        "day": f" on {day.day} {day:%B}",
        "week": f" in the week of {day.day} {day:%B}",
        "month": f" in {day:%B}",
        "year": f" in {day.year}",
    }[precision]


def day_said(day: date, precision: Precision) -> str:
    if precision == "day":
        return f"on {day:%A}"
    return f"in the week of {day.day} {day:%B}" if precision == "week" else f"in {day:%B}"


def read_marks(marked: str) -> tuple[str, tuple[Passage, ...]]:
    """The text without its marks, and the passages that they showed."""
    text, passages, cue = "", [], ""
    start = cue_start = begun = 0
    for mark in MARKS.finditer(marked):
        text += marked[begun : mark.start()]
        begun = mark.end()
        if mark.group() == "[":
            start = len(text)
        elif mark.group() == "<":
            cue_start = len(text)
        elif mark.group() == ">":
            cue = text[cue_start:]
        else:
            passages.append(Passage(start, len(text), cue))
            cue = ""
    return text + marked[begun:], tuple(passages)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def state_of(war: War, side: str) -> Voice:
    """Whom claims name when they speak of a side as a whole."""
    return war.sides[side][0]
