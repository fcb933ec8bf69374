"""States told by a noun: "in our hands", "under control", "ours"."""

from __future__ import annotations

from collections.abc import Iterator

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.places.towns import TownFinder
from claims.extraction.records import Predicate
from claims.extraction.statements.frames import Found
from claims.extraction.statements.subjects import SubjectFinder
from claims.extraction.text.grammar import (
    FINITE,
    HAVE,
    SUBJECTS,
    TIMES,
    child,
    following,
    is_passive,
    is_verb,
    low,
    subject,
)
from claims.extraction.text.tokens import Span, Token


class StateFinder:
    """Finds prepositional states: "X is in our hands", "under the control of Y", "X is ours"."""

    def __init__(self, finder: PlaceFinder, towns: TownFinder, subjects: SubjectFinder) -> None:
        self.finder = finder
        self.towns = towns
        self.subjects = subjects

    def find(self, sent: Span) -> Iterator[Found]:
        """ "X is in our hands", "under the control of Y", "X is ours"."""
        nouns = cues.inflected("states", "state_nouns")
        under = cues.table("states")["under"]
        for token in sent:
            if is_attribute(token):
                yield from self._attribute(token)
            if low(token) in under and low(token.doc[token.i - 1]) == "under":
                yield from self._under(token, under[low(token)])
            if low(token) not in nouns or not token.tag_.startswith("NN"):
                continue
            opening = self._state_opening(token)
            if opening is None:
                continue
            words = list(token.doc[opening.i + 1 : token.i])
            agent = self.subjects.owner_words(token, words)
            bare = agent is None or all(low(t) in _FULL for t in words)
            if low(opening) == "in" and low(token) in ("control", "charge") and bare:
                yield from self._in_control(token, opening)
                continue
            if low(opening) == "under" and low(token) in ("control",) and self._situation(opening):
                yield from self._under_control(token)
                continue
            yield from self._state(opening, token, agent)

    def _attribute(self, token: Token) -> Iterator[Found]:
        """ "X-held Y": said in passing of who has the town."""
        holder = token.doc[token.i - 2]
        mention = self.finder.view.mention(holder)
        agent = mention.agent if mention is not None else self.subjects.of(holder)
        if agent is None:
            return
        for one in self.finder.right_of(token):
            cue = token.doc[holder.i : token.i + 1].text
            yield Found(token, "holds", one, agent, cue, noun=True)

    def _state_opening(self, noun: Token) -> Token | None:
        for i in range(noun.i - 1, max(noun.sent.start, noun.i - 8) - 1, -1):
            word = noun.doc[i]
            if low(word) in ("in", "into", "under", "within", "to"):
                return word
            if word.tag_ in FINITE or word.text in (",", ";"):
                return None
        return None

    def _state(self, opening: Token, noun: Token, agent: Agent | None) -> Iterator[Found]:
        if self._is_recipient(opening) or (agent is None and low(noun) == "flag"):
            return
        if low(noun) == "control" and low(noun.doc[noun.i - 1]) == "fire":
            return  # within reach of guns, in nobody's hands
        located = self._state_place(opening, noun)
        words = {low(t) for t in opening.doc[max(opening.sent.start, opening.i - 8) : noun.i + 1]}
        words |= {low(t) for t in following(noun, 3)}
        verb = _verb_before(opening)
        if verb is not None and low(verb) in cues.inflected("states", "bringing", "verbs"):
            words.add("into")
            pronoun = any(t.tag_ == "PRP$" for t in opening.doc[opening.i : noun.i])
            if (agent is None or pronoun) and (head := subject(verb)) is not None:
                agent = agent if is_passive(verb) else self.subjects.of(head)
        elif verb is not None and low(verb) in HAVE and agent is None:
            head = subject(verb)
            agent = self.subjects.of(head) if head is not None else None
        predicate = self.event_or_state(words)
        cue = opening.doc[opening.i : noun.i + 1].text
        for one in located:
            yield Found(opening, predicate, one, agent, cue)

    def _is_recipient(self, opening: Token) -> bool:
        """Whether a frame of its own (fell, passed into) already reads these words."""
        table = cues.frames()
        for i in range(opening.i - 1, max(opening.sent.start, opening.i - 4) - 1, -1):
            if any(frame.subject == "to" for frame in table.get(low(opening.doc[i]), ())):
                return True
        return False

    def event_or_state(self, words: set[str]) -> Predicate:
        """Whether words beside a state make it an event."""
        keep = cues.words("states", "keep", "words")
        change = cues.words("states", "change", "words")
        if words & keep:
            return "holds"
        return "captured" if words & change else "holds"

    def _state_place(self, opening: Token, noun: Token) -> list[Located]:
        verb = _verb_before(opening)
        if verb is not None and opening.i - verb.i <= 6:
            bringing = cues.inflected("states", "bringing", "verbs")
            if (low(verb) in bringing or low(verb) in HAVE) and not is_passive(verb):
                return self.finder.right_of(verb)
            head = self._verb_subject(verb, noun)
            if head is not None and (found := self.finder.in_phrase(head, unknown=True)):
                return found
            if found := self.towns.first_noun(opening, head):
                return found
        for i in range(opening.i - 1, max(opening.sent.start, opening.i - 6) - 1, -1):
            token = opening.doc[i]
            if (one := self.finder.named(token)) is not None:
                return [one]
            if found := self.finder.anaphor(token):
                return found
        before = opening.doc[max(opening.sent.start, self.finder.view.topic_end + 1) : opening.i]
        return self.towns.here(opening) if all(t.tag_ == "RB" for t in before) else []

    def _verb_subject(self, verb: Token, noun: Token) -> Token | None:
        if (own := child(noun, *SUBJECTS)) is not None and low(own) not in ("which", "that", "who"):
            return own
        for c in verb.children:
            if c.dep_ in SUBJECTS:
                return c if low(c) not in ("which", "that") else subject(verb)
        return subject(verb)

    def _in_control(self, noun: Token, opening: Token) -> Iterator[Found]:
        located = self.finder.after(noun, frozenset({"of", "over", "in"})) or self._here(noun)
        verb = _verb_before(opening)
        head = self._verb_subject(verb, noun) if verb is not None else _noun_before(opening)
        agent = self.subjects.of(head) if head is not None else None
        words = {low(t) for t in opening.doc[max(opening.sent.start, opening.i - 6) : noun.i + 1]}
        predicate = self.event_or_state(words)
        for one in located:
            yield Found(opening, predicate, one, agent, opening.doc[opening.i : noun.i + 1].text)

    def _here(self, noun: Token) -> list[Located]:
        """ "in control there"; and of the paragraph's town, where nothing follows."""
        after = next(following(noun, 1), None)
        if after is not None and low(after) == "there":
            return self.finder.anaphor(after)
        ends = after is None or after.is_punct or low(after) in ("and", "but", *TIMES)
        if after is not None and low(after) == "of":
            return self._area(noun)
        places = self.finder.spoken_of(noun) if ends else []
        start = self.finder.view.start(noun)
        near = bool(places) and self.finder.towns.is_near(places[0], start, within=2)
        return self.towns.here(noun) if near else []

    def _area(self, noun: Token) -> list[Located]:
        """ "In control of the area", of the town that is spoken of."""
        rest = list(following(noun, 4))
        area = len(rest) > 2 and low(rest[1]) == "the" and low(rest[2]) == "area"
        ends = len(rest) < 4 or rest[3].is_punct or rest[3].tag_ == "CC"
        return self.towns.here(noun) if area and ends else []

    def _under(self, noun: Token, predicate: Predicate) -> Iterator[Found]:
        """ "X is under siege", "X came under attack by Y"."""
        opening = noun.doc[noun.i - 1]
        agent = self.subjects.by(noun) if predicate == "encircled" else None
        verb = _verb_before(opening)
        if predicate == "encircled" and verb is not None and low(verb) in HAVE:
            head = subject(verb)
            agent = self.subjects.of(head) if head is not None else None
        for one in self._state_place(opening, noun):
            yield Found(opening, predicate, one, agent, f"under {noun.text}")

    def _situation(self, opening: Token) -> bool:
        before = [
            low(opening.doc[i]) for i in range(max(opening.sent.start, opening.i - 6), opening.i)
        ]
        return "situation" in before

    def _under_control(self, noun: Token) -> Iterator[Found]:
        """ "have the situation under control": of the town that the talk is about."""
        place = self.finder.last_place(noun)
        verb = next(
            (
                noun.doc[i]
                for i in range(noun.i - 1, noun.sent.start - 1, -1)
                if low(noun.doc[i]) in ("have", "has", "had", "keep", "kept")
            ),
            None,
        )
        head = subject(verb) if verb is not None else None
        agent = self.subjects.of(head) if head is not None else self.finder.discourse.speaker
        if place is not None and agent is not None:
            yield Found(noun, "holds", Located(place, noun, (noun,)), agent, "under control")


# What "control" is in "in full control", where nothing before it tells whose it is.
_FULL = frozenset({"full", "complete", "total", "firm", "sole", "effective", "undisputed"})


def _noun_before(opening: Token) -> Token | None:
    """Whom a headline without a verb is about: "troops still in control"."""
    before = reversed(opening.doc[opening.sent.start : opening.i])
    word = next((t for t in before if t.tag_ != "RB"), None)
    return word if word is not None and word.tag_.startswith("NN") else None


def _verb_before(token: Token) -> Token | None:
    """The nearest verb to the left of a word, in its sentence."""
    before = reversed(token.doc[token.sent.start : token.i])
    return next((t for t in before if is_verb(t)), None)


def is_attribute(token: Token) -> bool:
    """Whether a word is the second part of "rebel-held" and the like."""
    return (
        low(token) in cues.words("states", "attributes", "words")
        and token.i >= token.sent.start + 2
        and token.doc[token.i - 1].text in ("-", "‑", "–")
    )
