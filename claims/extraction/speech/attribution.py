"""Who says what: speech events of a sentence, what each covers, and how it stands to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.actors.speakers import is_nobody
from claims.extraction.records import Stance
from claims.extraction.speech import constructions, idioms, phrases, together
from claims.extraction.speech.events import Reach, Speech
from claims.extraction.speech.headlines import HeadlineReader
from claims.extraction.speech.phrases import PhraseReader
from claims.extraction.speech.speakers import SpeakerFinder, has_aux
from claims.extraction.text.grammar import (
    BE,
    FINITE,
    NOMINAL,
    RELATIVE,
    case_of,
    child,
    following,
    is_noun,
    is_verb,
    left_aux,
    low,
    subject,
)
from claims.extraction.text.tokens import Span, Token


class Attributor:
    """Finds the speech events of one paragraph's sentences."""

    def __init__(self, nouns: NounReader) -> None:
        self.nouns = nouns
        self.phrases = PhraseReader(nouns)
        self.headlines = HeadlineReader(nouns)
        self.speakers = SpeakerFinder(nouns, self.headlines)
        self.view = nouns.view
        self.discourse = nouns.discourse
        self._bound = _bound()
        self._says = _says()
        self._weak = cues.inflected("speech", "says", "weak")
        self._denies = cues.inflected("speech", "denies", "verbs")
        self._unconfirmed = cues.inflected("speech", "unconfirmed", "verbs")
        self._reporting = _reporting()

    def events(self, sent: Span) -> list[Speech]:
        """The speech events of a sentence, in order of their reporting words."""
        found: list[Speech] = []
        self.nouns.see(sent)
        openers = _openers()
        for token in sent:
            if low(token) not in openers:
                continue
            event = self._verb(token, found) or self.phrases.read(token)
            if event is not None:
                event.sentence = sent.start
                found.append(event)
                if event.noun:  # in "rejected X's claim that its men …" they are X's
                    self.discourse.see_agent(event.agent, self.view.start(token), prominent=True)
                if not event.noun and event.spoken:
                    self.discourse.speaker = event.agent
                    at = self.view.spans[event.start][0]
                    self.discourse.see_agent(event.agent, at, prominent=True)
                    if event.agent is not None and event.agent.speaker:
                        self.discourse.persons.append((at, event.agent))
        found += self.headlines.read(sent) or self.headlines.before_speaker(sent, found)
        found.sort(key=lambda event: event.at)
        main = [e for e in found if not e.noun and e.agent is not None and e.spoken]
        told = [e for e in main if _is_main(sent.doc[e.at])] or main[:1]
        if told and (reporter := told[-1].agent) is not None:
            self.discourse.reporter = self.view.spans[told[-1].start][0], reporter
        return found

    # --- verbs ------------------------------------------------------------------------------

    def _verb(self, token: Token, before: Sequence[Speech]) -> Speech | None:
        word = low(token)
        last = idioms.last_word(token)
        if last is None and (word not in self._reporting or not self._is_verb(token, word)):
            return None
        stance = "asserts" if last is not None else self._stance(token, word)
        if stance is None:
            return None
        if token.tag_ == "VBN" and not has_aux(token) and self._is_participle(token):
            return None if stance == "asserts" else self._answered_by(token, stance)
        reach = self._reach(token, last or token)
        if stance != "asserts" and child(token, "nsubj:pass") is not None:
            reach = "both"
        if stance == "asserts" and last is None and not self._fits(token, word, reach):
            return None
        head = self.speakers.head(token) if last is None else subject(token)
        agent = self.speakers.agent(token, head, before)
        silent = stance == "asserts" and (self._silent(token) or self._is_told(token))
        silent = silent or (head is not None and agent is None and is_nobody(head))
        if agent is None and stance == "denies" and child(token, "nsubj:pass") is not None:
            return None  # "was hardly contradicted"
        if agent is None and head is None and stance == "asserts" and token.tag_ == "VBG":
            return None
        start = min(token.i, head.left_edge.i if head is not None else token.i)
        if reach == "backward":
            start = min(start, token.i)
        if stance != "asserts" and reach == "both":
            start = token.i  # "that X fell could not be verified"
        return Speech(
            token.i,
            start,
            (last or token).i + 1,
            agent,
            stance,
            reach,
            silent=silent,
            spoken=head is not None,
            first=constructions.relative_start(token),
            others=self._others(token, head, agent),
        )

    def _others(self, verb: Token, head: Token | None, agent: Agent | None) -> tuple[Agent, ...]:
        """Who speaks with the agent whom `head` names."""
        if head is None or agent is None or head.tag_ == "PRP":
            return ()
        before = verb if head.i < verb.i else None
        return together.speakers(head, self.nouns, before=before)

    def _answered_by(self, token: Token, stance: Stance) -> Speech | None:
        """ "A claim denied by X", in apposition to what was said before."""
        noun = low(token.head) in cues.inflected("speech", "anaphora", "nouns")
        agent = self.speakers.by(token) if noun else None
        if agent is None:
            return None
        return Speech(token.i, token.i, token.i + 1, agent, stance, "backward")

    def _stance(self, token: Token, word: str) -> Stance | None:
        """How the subject of a reporting verb stands to the content; None where it is none."""
        if word in self._unconfirmed:
            if self._negated(token) or self._pending(token):
                weak = word in cues.inflected("speech", "unconfirmed", "weak")
                return None if weak and not constructions.checks(token) else "unconfirmed"
            return "asserts" if word.startswith("confirm") else None
        if word in self._denies:
            return None if self._negated(token) or self._undecided(token) else "denies"
        return "asserts" if word in self._says else None

    def _undecided(self, token: Token) -> bool:
        """ "Neither confirm nor deny": no denial."""
        before = token.doc[max(token.sent.start, token.i - 3) : token.i]
        joined = any(low(t) in ("or", "nor") for t in before)
        return joined and any(low(t) in self._unconfirmed for t in before)

    def _fits(self, token: Token, word: str, reach: Reach) -> bool:
        """Whether a verb that does not always report does so here."""
        if word in self._bound and constructions.has_clause(token):
            return True
        if constructions.is_bound(word):
            return constructions.reports(token, self.view, announces=self._announces(token))
        if word in self._bound:
            return False
        if word not in self._weak or constructions.to_be_believed(token):
            return True
        return self._reports(token, reach)

    def _is_verb(self, token: Token, word: str) -> bool:
        """Whether a word that can report is a verb here; headlines mislead the tagger."""
        before = token.doc[token.i - 1] if token.i > token.sent.start else None
        if before is not None and low(before) in self._denies:
            return False  # "denies reports that …"
        if token.tag_.startswith("VB"):
            return True
        named = before is not None and self.view.mention(before) is not None
        if named and token.tag_ == "NNS" and word in self._denies:
            return True
        return constructions.tagged_as_noun(token, self.view) or constructions.opens_headline(
            token, self.headlines.speaks
        )

    def _negated(self, token: Token) -> bool:
        words = [low(t) for t in left_aux(token, 8)]
        words += [low(t) for t in token.doc[max(token.sent.start, token.i - 5) : token.i]]
        return any(w in cues.words("speech", "unconfirmed", "negators") for w in words)

    def _pending(self, token: Token) -> bool:
        """ "Has yet to confirm", "declined to confirm", "is trying to verify", "is checking",
        "could verify neither"."""
        first = token.sent.start
        if any(low(t) in ("neither", "none") for t in following(token, 2)):
            return True
        if token.tag_ == "VBG" and low(token) in ("checking", "verifying"):
            return any(low(t) in BE for t in left_aux(token))
        for i in range(token.i - 1, max(first, token.i - 8) - 1, -1):
            before = token.doc[i]
            word = low(before)
            if word in cues.inflected("speech", "unconfirmed", "pending"):
                return True
            if word in cues.words("speech", "unconfirmed", "negators"):
                return True
            if before.is_punct or word == "that" or before.tag_ in ("VBD", "VBZ", "VBP"):
                return False
        return False

    def _is_participle(self, token: Token) -> bool:
        """ "a statement posted by X", not "…, a spokesman answered"."""
        nxt = next(following(token, 1), None)
        by = nxt is not None and low(nxt) == "by" and not constructions.by_means(nxt)
        if by or (token.dep_ == "amod" and not constructions.hears(nxt)):
            return True
        if constructions.ends_clause(token, self.headlines.speaks):
            return False
        if low(token.doc[token.i - 1]) == "," and nxt is not None and nxt.tag_ != "IN":
            mention = self.view.mention(nxt)
            if mention is not None and mention.agent is not None:
                return False  # "Not so, retorted X"
        quoted = any(self.view.quote[t.i] >= 0 for t in token.sent if t.i < token.i)
        return token.dep_ == "acl" and not quoted

    def _silent(self, token: Token) -> bool:
        """ "did not say", "would not say", "has yet to say"; and saying that is yet to come."""
        words = [low(t) for t in left_aux(token)]
        if any(w in ("not", "n't", "n’t", "never") for w in words):
            return True
        return any(w in ("will", "may", "might", "could", "'ll") for w in words)

    def _is_told(self, token: Token) -> bool:
        """ "The public was told that …", by nobody who is named."""
        if low(token) != "told" or not any(low(t) in BE for t in left_aux(token)):
            return False
        return child(token, "nsubj:pass") is not None and not any(
            low(t) == "by" for t in following(token, 3)
        )

    def _reports(self, token: Token, reach: Reach) -> bool:
        if reach in ("backward", "both"):
            return True
        if child(token, "ccomp") is not None or constructions.has_that(token):
            return True
        return any(
            self.view.quote[t.i] >= 0 and self.view.quote[token.i] < 0 for t in following(token, 3)
        ) or low(token) in ("calls", "called", "describes", "described", "calling")

    # --- where it reaches -------------------------------------------------------------------

    def _reach(self, token: Token, last: Token) -> Reach:
        """Where a reporting verb, `last` the last word that belongs to it, has what it tells."""
        sent = token.sent
        after = list(following(last, len(sent)))
        stop = next((n for n, t in enumerate(after) if t.text == ";"), len(after))
        after = after[:stop]
        head = self.speakers.head(token)
        first = min(token.i, _first_of(head) if head is not None else token.i)
        while first > sent.start + 1 and self._describes(token.doc[first - 1]):
            first -= 1  # "the group's spokesman X told …", however it is parsed
        left = [t for t in sent if t.i < first]
        comma_before = bool(left) and (
            low(left[-1]) in (",", "?", "!", "–", "—", "-")
            or (self.view.quote[left[-1].i] >= 0 and self.view.quote[token.i] < 0)
        )
        content_left = (
            any(
                t.tag_ in FINITE or t.tag_ in ("VBN", "VBG") or self.view.quote[t.i] >= 0
                for t in left
            )
            or len(left) > 3
        )
        nearby = after[:1]
        if nearby and low(nearby[0]) in ("that", ":"):
            return "forward"
        if nearby and low(nearby[0]) == "of" and constructions.speaks_of(token):
            return "forward"
        if left and low(left[-1]) in ("so", "thus") and len(left) > 2:
            return "backward"  # "X has fallen: so the army declared"
        gerund = bool(nearby) and nearby[0].tag_ == "VBG"  # "denied losing X"
        if low(token) in self._denies and (gerund or child(token, "obj") is not None):
            return "forward"
        content_right = self._content(after) or self._announces(token)
        if self._announces(token) and not any(t.tag_ in FINITE for t in left):
            return "forward"
        if not content_right:
            return "backward" if content_left else "forward"
        if comma_before and content_left:
            gap = next((n for n, t in enumerate(after) if low(t) == ","), None)
            verb = next((n for n, t in enumerate(after) if t.tag_ in FINITE), len(after))
            near = after[: min(len(after) if gap is None else gap, 6)]
            if any(low(t) == "that" for t in near) and token.dep_ == "ROOT":
                return "forward"
            if gap is not None and gap < verb:
                return "both"
            if child(token, "ccomp", "xcomp") is None or token.dep_ == "parataxis":
                return "backward"
        return "forward"

    def _describes(self, before: Token) -> bool:
        """Whether a word before a speaker's name tells whose or what officer that is."""
        mention = self.view.mention(before)
        named = mention is not None and mention.agent is not None and not mention.places
        role = is_noun(before) and low(before) in cues.words("actors", "roles", "words")
        return named or role or before.tag_ == "POS"

    def _announces(self, token: Token) -> bool:
        """ "announced the capture of X": the object tells what is said."""
        obj = child(token, "obj")
        frames = cues.frames().get(low(obj), ()) if obj is not None and obj.i > token.i else ()
        return any(frame.word == "noun" for frame in frames)

    def _content(self, after: Sequence[Token]) -> bool:
        """Whether something is told to the right of a reporting verb."""
        relative = inside = False
        for token in after:
            if low(token) in RELATIVE and low(token) != "that":
                relative = inside = True
            elif relative and token.tag_ in FINITE:
                inside = False
            elif relative and not inside and token.text == ",":
                relative = False
            if self.view.quote[token.i] >= 0:
                return True
            if is_verb(token) and not relative and token.tag_ != "VBG" and token.dep_ != "amod":
                return True
            told = is_noun(token) and low(token) in cues.inflected("speech", "says", "nouns")
            if told and case_of(token) not in ("in", "on"):  # "said in a statement"
                return True
        return any(low(t) in ("of", "that") for t in after)


@lru_cache(maxsize=1)
def _bound() -> frozenset[str]:
    """Verbs that report only with a clause, or in what is read."""
    kinds = ("clausal", "reads")
    return frozenset(word for kind in kinds for word in cues.inflected("speech", "says", kind))


@lru_cache(maxsize=1)
def _says() -> frozenset[str]:
    return cues.inflected("speech", "says", "verbs") | _bound()


@lru_cache(maxsize=1)
def _reporting() -> frozenset[str]:
    """Every form of the verbs by which somebody speaks."""
    denies = cues.inflected("speech", "denies", "verbs")
    return _says() | denies | cues.inflected("speech", "unconfirmed", "verbs")


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    """The words of which alone a speech event can be told: few, so that hardly any is asked."""
    return _reporting() | idioms.verbs() | phrases.openers()


def _first_of(speaker: Token) -> int:
    """Where a speaker's noun phrase begins; behind a comma that the parse takes into it, where
    a clause ends there."""
    edge = speaker.left_edge.i
    for i in range(speaker.i - 1, edge, -1):
        token = speaker.doc[i]
        if token.text == ",":
            clause = any(t.tag_ in FINITE for t in speaker.doc[speaker.sent.start : i])
            return i + 1 if clause else edge
        if token.tag_ not in NOMINAL and low(token) not in ("and", "of"):
            return edge
    return edge


def _is_main(verb: Token) -> bool:
    """Whether a verb is a sentence's first, or coordinated with it."""
    while verb.dep_ == "conj":
        verb = verb.head
    return verb.dep_ == "ROOT" and verb.tag_ in FINITE
