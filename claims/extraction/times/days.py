"""The days of one article: the headings over its paragraphs, when each saying was said, and what
day each statement is about."""

from __future__ import annotations

import re
from datetime import date, datetime

from claims.extraction.records import Precision
from claims.extraction.sentences import Sentence
from claims.extraction.speech.events import Speech
from claims.extraction.speech.voices import Voice
from claims.extraction.statements.frames import Found
from claims.extraction.text.layout import Paragraph
from claims.extraction.times import timing
from claims.extraction.times.dates import DateHit, DateReader

_CLOCK_LINE = re.compile(r"^[^\w\n]*\d{1,2}[:.]\d{2}\b", re.MULTILINE)
_INLINE = re.compile(r"\s*(?:[:–—-]|\.(?=\s+[A-Z\"“]))\s")


class Days:
    """Tells the days of an article's sayings and statements, read in order.

    `heading` is the day that stands over the paragraph at hand: the one of which it tells, as in
    timelines, or, of what is `posted`, the one on which it was published.
    """

    def __init__(self, text: str, published: datetime) -> None:
        self.text = text
        self.published = published.date()
        self.heading: DateHit | None = None
        self.posted = False
        self._reader = DateReader(published)
        self._headings = DateReader(published)  # theirs are not what "a day later" counts from
        self._live = len(_CLOCK_LINE.findall(text)) > 1
        self._standing: DateHit | None = None  # the heading that stands on a line of its own
        self._scene: DateHit | None = None
        self._last: tuple[Speech, DateHit, bool] | None = None

    def begin_paragraph(self, block: Paragraph) -> bool:
        """Notice the heading of a paragraph; True where it is nothing else."""
        self._reader.begin_paragraph()
        self._scene = self._last = None
        words = self.text[block.start : block.end].strip()
        day = self._whole(block, words)
        if day is not None or _begins_undated(words):
            self._standing = day
            return day is not None
        self.heading = self._inline(block) or self._standing
        self.posted = self._live or words[-1:].isalnum()
        self._reader.today = self.heading.day if self.heading else self.published
        return False

    def _whole(self, block: Paragraph, words: str) -> DateHit | None:
        """The day of a paragraph that is nothing but a date ("Sunday, 17 May")."""
        words = words.rstrip(":.")
        if len(words) > 40:
            return None
        hits = self._headings.read(self.text, block.start, block.end)
        for hit in hits:
            words = words.replace(self.text[hit.start : hit.end], "")
        return None if words.strip(" ,–—-:") else next(filter(_is_day, hits), None)

    def _inline(self, block: Paragraph) -> DateHit | None:
        """The day at the beginning of a paragraph that tells of it: "17 May: …"."""
        end = min(block.end, block.start + 60)
        hit = next(iter(self._headings.read(self.text, block.start, end)), None)
        if hit is None or not _is_day(hit) or re.search(r"\w", self.text[block.start : hit.start]):
            return None
        return hit if _INLINE.match(self.text, hit.end) else None

    # --- sentences --------------------------------------------------------------------------

    def read(self, sentence: Sentence) -> None:
        """Fill in a sentence's dates, and when each of its sayings was said."""
        view = sentence.view
        sentence.dates = self._reader.read(
            self.text, sentence.start, sentence.end, timing.ahead(view, sentence.span)
        )
        for event in sentence.events:
            hit = timing.said(event, sentence)
            if hit is None and not event.noun:
                hit = (
                    self._continued(event, sentence)
                    or timing.announced(event, sentence)
                    or self._scene
                )
            sentence.said[event.at] = hit
            if not event.noun:
                present = view.doc[event.at].tag_ in ("VBZ", "VBP")
                self._last = (event, hit, present) if hit is not None else None
        if not sentence.events and not sentence.found:
            self._scene = timing.scene(sentence.dates, sentence.span, view) or self._scene

    def _continued(self, event: Speech, sentence: Sentence) -> DateHit | None:
        """The day of the saying before, where the same speaker goes on: "it added"."""
        if self._last is None:
            return None
        before, hit, present = self._last
        nested = event.stance == "unconfirmed" and before.sentence == event.sentence
        if nested and before.at < event.at and before.reach == "forward":
            return hit
        if event.agent is None:
            return None
        now = sentence.view.doc[event.at].tag_ in ("VBZ", "VBP")
        return hit if event.agent.same(before.agent) and present == now else None

    # --- statements -------------------------------------------------------------------------

    def asserted(self, voice: Voice) -> tuple[date, Precision]:
        """The day on which something was said, and its precision."""
        if voice.said is not None and voice.agent is not None:
            return voice.said.day, voice.said.precision
        if self.heading is not None and (voice.agent is not None or self.posted):
            return self.heading.day, "day"
        return self.published, "day"

    def event(
        self, sentence: Sentence, found: Found, voice: Voice, event: Speech | None
    ) -> DateHit | None:
        """The day that a statement is about; none that is later than its being said."""
        about = timing.about(found, sentence, event)
        if about is None:
            about = self.heading if voice.agent is None and not self.posted else None
        else:
            quoted = sentence.view.quote[found.trigger.i] >= 0
            about = timing.as_said(about, voice.said, self._reader.today, quoted=quoted)
        return about if about is not None and about.day <= self.asserted(voice)[0] else None


def _is_day(hit: DateHit) -> bool:
    return hit.kind == "calendar" and hit.precision == "day" and not hit.since


def _begins_undated(words: str) -> bool:
    """Whether a heading in capitals that is no day begins a part that is of no day."""
    return words.isupper() and len(words.split()) <= 5
