"""What a town is declared, listed or counted as: "declared X captured", "listed X as liberated",
"counted X among the towns that his men had taken"."""

from __future__ import annotations

from collections.abc import Iterator

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.cues import Frame
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.statements.frames import Found
from claims.extraction.statements.subjects import SubjectFinder
from claims.extraction.text.grammar import SUBJECTS, child, following, is_passive, low, subject
from claims.extraction.text.tokens import Span, Token


class ResultFinder:
    """Finds towns of which a verb of declaring or listing says what they have become."""

    def __init__(self, finder: PlaceFinder, subjects: SubjectFinder) -> None:
        self.finder = finder
        self.subjects = subjects

    def find(self, sent: Span) -> Iterator[Found]:
        """What the sentence declares of towns."""
        declaring = cues.inflected("states", "declaring", "verbs")
        for verb in sent:
            if low(verb) not in declaring or not verb.tag_.startswith("VB"):
                continue
            towns = self._towns(verb)
            result = self._result(verb) if towns else None
            if result is None:
                continue
            word, frame = result
            agent = self._agent(verb, word, frame)
            for one in towns:
                cue = f"{verb.text} {word.text}"
                yield Found(word, "captured" if frame is None else frame.predicate, one, agent, cue)

    def _towns(self, verb: Token) -> list[Located]:
        head = child(verb, "nsubj:pass") if is_passive(verb) else child(verb, "obj")
        if head is not None and (found := self.finder.in_phrase(head)):
            return found
        return [] if is_passive(verb) else self.finder.right_of(verb, strict=True)

    def _result(self, verb: Token) -> tuple[Token, Frame | None] | None:
        """The word that says what became of the town, with its frame."""
        free = cues.words("states", "free", "words")
        for token in following(verb, 16):
            if low(token) in ("own", "theirs") and token.doc[token.i - 1].tag_ in (
                "PRP$",
                "NN",
                "RB",
            ):
                return token, None  # "declared the town their own"
            if token.text in (";", ":") or (token.tag_ == "MD"):
                return None
            if low(token) in free and not is_passive(token):
                return token, None
            if token.tag_ not in ("VBN", "VBD", "JJ"):
                continue
            for frame in cues.frames().get(low(token), ()):
                if frame.predicate == "fighting" and frame.word == "adjective":
                    return token, frame
                told = frame.word == "verb" and frame.subject == "subject"
                if told and "object" in frame.place and not frame.companions:
                    return token, frame
        return None

    def _agent(self, verb: Token, word: Token, frame: Frame | None) -> Agent | None:
        """Who has done it: whom `by` names, who acts in the clause, else who declares it."""
        own = child(word, *SUBJECTS)
        if own is not None and low(own) not in ("that", "which") and word.dep_ == "acl:relcl":
            return self.subjects.of(own)
        if frame is not None and frame.predicate == "withdrew":
            return None
        if (by := self.subjects.by(word)) is not None:
            return by
        head = subject(verb) if not is_passive(verb) else None
        return self.subjects.of(head) if head is not None else None
