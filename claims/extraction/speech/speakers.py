"""Who speaks by a reporting verb: its subject, what stands behind it, or whoever spoke before."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.speech import constructions, together
from claims.extraction.speech.events import Speech
from claims.extraction.speech.headlines import HeadlineReader
from claims.extraction.text.grammar import (
    BE,
    FINITE,
    HAVE,
    RELATIVE,
    SUBJECTS,
    child,
    following,
    is_noun,
    is_verb,
    left_aux,
    low,
    subject,
)
from claims.extraction.text.tokens import Token


class SpeakerFinder:
    """Finds the speakers of one paragraph's reporting verbs."""

    def __init__(self, nouns: NounReader, headlines: HeadlineReader) -> None:
        self.nouns = nouns
        self.headlines = headlines
        self.view = nouns.view
        self.discourse = nouns.discourse

    def head(self, token: Token) -> Token | None:
        """The noun that speaks: after the verb in "says X", else its subject."""
        if token.tag_.startswith("NN") and token.i > token.sent.start:
            return token.doc[token.i - 1]
        nxt = next(following(token, 1), None)
        inverted = nxt is not None and (
            self.view.mention(nxt) is not None
            or nxt.tag_ in ("DT", "PRP$", "NNP", "PRP")
            or low(nxt) in cues.words("actors", "roles", "words")
        )
        previous = token.doc[token.i - 1] if token.i > token.sent.start else None
        quoted = self.view.quote[token.i] < 0
        opens = (
            previous is None
            or low(previous) in (",", "?", "!", "so", "thus")
            or (self.view.quote[previous.i] >= 0 and quoted)
        )
        own = self._own_subject(token)
        inverted = inverted and (own is None or own.i > token.i) and self._follows_content(token)
        inverted = inverted and low(token) not in cues.inflected("speech", "denies", "verbs")
        if previous is not None and self._names_actor(previous) and child(token, "ccomp") is None:
            return previous
        if own is None and previous is not None and self._names_person(previous):
            return previous
        if own is None and token.tag_ in FINITE and together.stand_behind_comma(token, self.nouns):
            return previous
        if own is None and previous is not None and token.tag_ == "VBN" and is_noun(previous):
            return previous
        if inverted and opens and token.tag_ in FINITE:
            right = [
                c
                for c in token.rights
                if is_noun(c)
                and c.dep_ in ("nsubj", "obj", "obl", "ccomp", "parataxis", "xcomp", "obl:unmarked")
            ]
            if right:
                return right[0]
            return next((t for t in following(token, 8) if is_noun(t)), None)
        if own is not None and own.i < token.i and opens and nxt is not None:
            silent = own.tag_ != "PRP" and self.nouns.of_noun(own, claimant=True) is None
            if (
                silent
                and nxt.tag_ in ("JJ", "NN", "NNS", "NNP", "DT")
                and (self._inverted(token, nxt) is not None)
            ):
                return next((t for t in following(token, 6) if is_noun(t)), None)
        head = own if own is not None and low(own) not in RELATIVE else subject(token)
        if own is None and (acting := self._whose_clause(token)) is not None:
            head = acting
        if head is not None and own is not None and low(own) == "who":
            return self._person_before(own, head)
        return head

    def _whose_clause(self, token: Token) -> Token | None:
        """Who says it in "the army posted footage, claiming that …", and in "a soldier fighting
        there told …": the subject that begins the sentence."""
        first = next((t for t in token.sent if t.dep_ in SUBJECTS and t.i < token.i), None)
        if first is None:
            return None
        between = token.doc[first.i + 1 : token.i]
        if token.tag_ == "VBG":
            comma = low(token.doc[token.i - 1]) == ","
            return first if comma and not has_aux(token) else None
        reduced = len(between) > 0 and between[0].tag_ == "VBG" and between[0] == first.head
        plain = not any(t.tag_ in FINITE or t.is_punct for t in between)
        return first if reduced and plain and token.tag_ in FINITE else None

    def _follows_content(self, token: Token) -> bool:
        """Whether something that can be said stands before a verb: not "X, its spokesman, told
        a reporter"."""
        left = [t for t in token.sent if t.i < token.i]
        told = any(t.tag_ in FINITE or self.view.quote[t.i] >= 0 for t in left)
        return told or len(left) <= 4 or any(t.tag_ in ("VBN", "VBG") for t in left)

    def _own_subject(self, token: Token) -> Token | None:
        """The subject that the parse gives a verb: of two, the nearer ("the reports were, X
        said, …")."""
        own = [c for c in token.children if c.dep_ == "nsubj"]
        before = [c for c in own if c.i < token.i]
        return before[-1] if before else own[0] if own else None

    def _names_actor(self, token: Token) -> bool:
        mention = self.view.mention(token)
        return mention is not None and mention.kind == "actor" and mention.agent is not None

    def _names_person(self, token: Token) -> bool:
        mention = self.view.mention(token)
        return mention is not None and mention.kind == "person" and mention.agent is not None

    def _person_before(self, who: Token, head: Token) -> Token:
        """Whom "who" means: the parse's antecedent, if that can speak, else one before it."""
        speakers = cues.words("actors", "roles", "words") | cues.words("actors", "people", "words")
        for token in [head, *reversed(who.doc[who.sent.start : who.i])]:
            mention = self.view.mention(token)
            named = mention is not None and mention.kind in ("person", "actor")
            if (
                named
                or low(token) in speakers
                or low(token) in cues.words("actors", "forces", "words")
            ):
                return token
        return head

    def agent(self, token: Token, head: Token | None, before: Sequence[Speech]) -> Agent | None:
        """Whoever `head` means as the subject of a reporting verb; `before`: the sentence's speech
        events up to it."""
        if token.tag_ == "VBG" and child(token, *SUBJECTS) is None and not has_aux(token):
            if (quoted := constructions.quoted_as(token)) is not None:
                return self.nouns.speaker(quoted)
            spoken = [e for e in before if not e.noun and e.spoken]
            if spoken and spoken[-1].at < token.i:
                return spoken[-1].agent
        if head is None or self._goes_on(token, before):
            goes_on = token.tag_ == "VBG" or low(token.doc[token.i - 1]) in (",", "and", "but")
            return before[-1].agent if before and goes_on else None
        if token.tag_ == "NNS" and head.i == token.i - 1:
            words = list(token.doc[constructions.speaker_start(token) : token.i])
            if self.nouns.is_own(words):
                return None
            return self.nouns.resolver.phrase(self.nouns.words(words), claimant=True)
        if low(head) in _WAYS:
            holder = subject(head.head) if head.dep_ == "obj" else None
            return self.judge(holder, before) if holder is not None else None
        if _is_impersonal(token, head):
            spoken = [e for e in before if not e.noun and e.at < head.i]
            return spoken[-1].agent if spoken else None
        if head.i == token.i - 1 and constructions.is_headline(token, self.headlines.speaks):
            words = list(token.doc[token.sent.start : token.i])
            agent = self.nouns.resolver.phrase(self.nouns.words(words), claimant=True)
            if agent is not None:
                return agent
        if low(head) in ("it", "they"):
            same = [e for e in before if not e.noun and e.spoken and e.agent is not None]
            self.discourse.at = self.view.start(head)
            if same:
                return same[-1].agent
            if (named := self._before_colon(head)) is not None:
                return named
        if low(head) in ("it", "they") and self.discourse.speaker is not None:
            return self.discourse.reported() or self.discourse.actor() or self.discourse.speaker
        if low(head) in ("he", "she"):
            same = [e for e in before if not e.noun and e.spoken]
            if same:
                return same[-1].agent
        after = head.i == token.i + 1 or (head.i > token.i and head.tag_ != "PRP")
        if after and (agent := self._inverted(token, head)) is not None:
            return agent
        passive = child(token, "nsubj:pass") == head and has_aux(token)
        passive = passive and low(token) not in ("told", "asked")
        if passive and not constructions.to_be_believed(token):
            return self.by(token)
        if is_verb(head) or low(head) in ("which",):
            return before[-1].agent if before else None
        return self.nouns.speaker(head)

    def _before_colon(self, pronoun: Token) -> Agent | None:
        """Who "it" is in "it was the turn of the army: X was lost, it wrote"."""
        colon = next((t for t in pronoun.sent if t.text == ":" and t.i < pronoun.i), None)
        if colon is None or colon.i <= pronoun.sent.start + 1:
            return None
        noun = colon.doc[colon.i - 1]
        agent = self.nouns.of_noun(noun, claimant=True) if is_noun(noun) else None
        self.discourse.at = self.view.start(pronoun)
        return agent

    def _goes_on(self, token: Token, before: Sequence[Speech]) -> bool:
        """Whether a verb without a subject follows another: "called it false and denied that"."""
        if not before or before[-1].noun or self._own_subject(token) is not None:
            return False
        return token.tag_ in FINITE and low(token.doc[token.i - 1]) in ("and", "but")

    def _inverted(self, token: Token, head: Token) -> Agent | None:
        """Who speaks in "says a spokesman for X": all that follows, to the next comma."""
        window: list[Token] = []
        for t in following(token, 12):
            if t.tag_ in FINITE or (t.tag_ == ":" or t.text in (",", ".", ";")):
                break
            if t.i > head.i and low(t) in ("in", "on", "by", "at", "to", "after"):
                break
            window.append(t)
        if self.nouns.is_own(window) or any(t.tag_ == "PRP" for t in window):
            return None
        return self.nouns.resolver.phrase(self.nouns.words(window), claimant=True)

    def by(self, token: Token) -> Agent | None:
        for c in token.children:
            if c.dep_ in ("obl", "obl:agent") and any(low(x) == "by" for x in c.children):
                return self.nouns.speaker(c)
        return None

    def judge(self, head: Token, events: Sequence[Speech]) -> Agent | None:
        """Whose verdict it is that a noun has: "X has no confirmation", "it has seen no proof"."""
        spoken = [e for e in events if not e.noun and e.spoken]
        if head.tag_ == "PRP" and spoken:
            return spoken[-1].agent
        return self.nouns.of_noun(head, claimant=True)


def has_aux(token: Token) -> bool:
    """Whether a verb has a form of "have" or "be" before it."""
    return any(low(t) in HAVE or low(t) in BE for t in left_aux(token))


_WAYS = frozenset({"way", "ways", "means", "possibility", "chance", "opportunity"})


def _is_impersonal(token: Token, head: Token) -> bool:
    """ "It was not possible to verify": nobody is meant."""
    if low(head) != "it" or token.tag_ != "VB":
        return False
    between = [low(t) for t in token.doc[head.i + 1 : token.i]]
    return head.dep_ == "expl" or bool(
        {"possible", "impossible", "hard", "difficult", "easy"} & set(between)
    )
