"""One sentence as it was read: who speaks in it, what it states, which dates it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.extraction.actors.mentions import Agent
from claims.extraction.speech.events import Speech
from claims.extraction.speech.verdicts import Verdict
from claims.extraction.statements.frames import Found
from claims.extraction.text.tokens import Span
from claims.extraction.text.view import View
from claims.extraction.times.dates import DateHit


@dataclass(slots=True)
class Sentence:
    """What was found in one sentence: `events` who speaks, `found` the statements, `dates`,
    `verdicts` on reports, `judges` whose they are, by the number of the verdict's word, where that
    is told."""

    number: int
    span: Span
    view: View
    start: int
    end: int
    events: list[Speech]
    found: list[Found]
    dates: list[DateHit] = field(default_factory=list)
    said: dict[int, DateHit | None] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    judges: dict[int, Agent | None] = field(default_factory=dict)
