"""Which words say who holds a town: frames matched on the parse, with the town and the
subject of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.nouns import NounReader
from claims.extraction.cues import Frame
from claims.extraction.places.context import ContextReader
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.places.located import Located
from claims.extraction.places.towns import TownFinder
from claims.extraction.statements import gaps, states
from claims.extraction.statements.copulas import CopulaFinder
from claims.extraction.statements.frames import Found, companion
from claims.extraction.statements.lists import ListFinder
from claims.extraction.statements.presence import PresenceFinder
from claims.extraction.statements.results import ResultFinder
from claims.extraction.statements.states import StateFinder
from claims.extraction.statements.subjects import SubjectFinder
from claims.extraction.text.grammar import (
    BE,
    FINITE,
    HAVE,
    NOMINAL,
    SUBJECTS,
    child,
    following,
    is_noun,
    is_passive,
    is_verb,
    left_aux,
    low,
    phrase,
    subject,
)
from claims.extraction.text.tokens import Span, Token
from claims.extraction.text.words import PAST
from claims.extraction.trace import Trace


class PredicateFinder:
    """Finds the statements of one paragraph."""

    def __init__(self, finder: PlaceFinder, nouns: NounReader, trace: Trace) -> None:
        self.finder = finder
        self.nouns = nouns
        self.trace = trace
        self.towns = TownFinder(finder)
        self.context = ContextReader(finder)
        self.subjects = SubjectFinder(finder, nouns)
        self.states = StateFinder(finder, self.towns, self.subjects)
        self.results = ResultFinder(finder, self.subjects)
        self.lists = ListFinder(finder, self.subjects)
        self.copulas = CopulaFinder(finder, self.towns, self.subjects)
        self.presence = PresenceFinder(finder, self.subjects)

    def find(self, sent: Span) -> Iterator[Found]:
        """The statements of a sentence, from left to right."""
        matched = [
            (token, frame)
            for token in sent
            for frame in cues.frames().get(low(token), ())
            if self._is_word(token, frame) and self._accompanied(token, frame)
        ]
        matched.sort(key=lambda pair: (not pair[1].companions, pair[0].i))
        used: set[int] = set()
        found: list[Found] = []
        homeless: list[tuple[Token, Frame]] = []
        for token, frame in matched:
            if token.i in used:
                continue
            if not (located := self.towns.places(token, frame)):
                homeless.append((token, frame))
                continue
            if read := list(self._read(token, frame, located)):
                mate = companion(token, frame) if frame.companions else None
                used |= {token.i, mate.i if mate is not None else token.i}
                found += read
        found += self.states.find(sent)
        found += [one for one in self.results.find(sent) if not _told(one, found)]
        found += [one for one in self.copulas.find(sent) if not _told(one, found)]
        found += [one for one in self.presence.find(sent) if not _told(one, found)]
        found += list(self.lists.find(sent, sorted(found, key=lambda one: one.trigger.i)))
        found += self._in_context([pair for pair in homeless if pair[0].i not in used], found)
        found += list(gaps.gapped(sent, sorted(found, key=lambda one: one.trigger.i), self.finder))
        yield from sorted(_prevailing(found), key=lambda one: one.trigger.i)

    def _in_context(
        self, homeless: Sequence[tuple[Token, Frame]], found: Sequence[Found]
    ) -> list[Found]:
        """The statements of words whose construction has no town, about the town at hand; not
        about one of which the sentence tells something else."""
        more: dict[int, list[Found]] = {}
        mates = {mate.i for token, frame in homeless if frame.companions
                 and (mate := companion(token, frame)) is not None}  # fmt: skip
        for token, frame in homeless:
            if token.i in mates:
                continue
            located = self.context.towns(token, frame)
            if not located or token.i in more or self._is_known(token, frame, located[0], found):
                self.trace.left_out(token, f"{frame.predicate}: no town")
            elif self._told_of_war(token, frame):
                more[token.i] = list(self._read(token, frame, located))
            else:
                self.trace.left_out(token, f"{frame.predicate}: no town, and nobody of the war")
        return [one for each in more.values() for one in each]

    def _read(self, token: Token, frame: Frame, located: Sequence[Located]) -> Iterator[Found]:
        """The statements that one frame makes at one word about some towns."""
        if self._is_bombardment(token):
            self.trace.left_out(token, f"{frame.predicate}: an attack from afar")
            return
        agent = self.subjects.subject_of(token, frame)
        if not self._can_act(token, frame, agent):
            who = agent.name if agent is not None else "what acts"
            self.trace.left_out(token, f"{frame.predicate}: {who} takes and holds no towns")
            return
        predicate = frame.predicate
        if frame.subject in ("object", "whom"):
            winner = self.subjects.winner(token, agent)
            predicate, agent = ("captured", winner) if winner is not None else (predicate, agent)
        trigger = token
        denying = cues.inflected("speech", "denies", "verbs")
        answers = frame.subject == "rule" and low(token) in denying
        if (answers or low(token) in _CLAIMS) and (mate := companion(token, frame)) is not None:
            trigger = mate  # "claims control": the verb is the speech, the noun what is said
        if predicate == "captured" and self._lasts(token, frame):
            predicate = "holds"
        elif predicate == "holds" and frame.word == "verb" and low(token) in _CONTROLS:
            predicate = self.states.event_or_state(_around(token))
        for one in located:
            if not one.token_names:
                self.finder.towns.see(self.finder.view.start(one.token), one.place)
            yield Found(
                trigger, predicate, one, agent, self._cue(token, frame), frame.word == "noun"
            )

    def _lasts(self, token: Token, frame: Frame) -> bool:
        """ "Has occupied X since 2014", "the flag still flies": what began goes on."""
        words = {low(t) for t in token.doc[max(token.sent.start, token.i - 5) : token.i]}
        words |= {low(t) for t in following(token, 6)}
        if frame.subject == "flag" or "flag" in frame.companions:
            return bool(words & {"still", "remains", "continues", "continued"})
        if low(token) not in _OCCUPIES:
            return False
        return bool(words & {"has", "have", "had", "been"}) and bool(words & {"since", "for"})

    def _is_known(
        self, token: Token, frame: Frame, located: Located, found: Sequence[Found]
    ) -> bool:
        """Whether a sentence tells something of a town already, and not of another act before:
        "rebels attacked X and were beaten off"."""
        told = {one.predicate for one in found if one.located.place.name == located.place.name}
        acts = is_verb(token) and token.tag_ != "VBG" and frame.predicate != "fighting"
        return frame.predicate in told if acts and located.token.i <= token.i else bool(told)

    def _told_of_war(self, token: Token, frame: Frame) -> bool:
        """Whether a word is told of one of the war's sides, or of a fight that goes on."""
        if frame.predicate != "fighting":
            if frame.predicate == "holds" and self.subjects.passive_companion(token, frame):
                return True  # "the attack was repelled"
            agent = self.subjects.subject_of(token, frame)
            return self.nouns.resolver.sides.of(agent) is not None
        return token.dep_ in (*SUBJECTS, "ROOT") or (
            token.dep_ in ("obl", "obj", "nmod") and self._is_reported(token.head)
        )

    def _is_reported(self, verb: Token) -> bool:
        """ "Spoke of clashes", "reported fighting"."""
        return low(verb) in cues.inflected("speech", "says", "verbs")

    def _is_bombardment(self, token: Token) -> bool:
        """Attacks from afar, which are no combat for the town."""
        if low(token) not in cues.inflected("states", "bombardment", "nouns"):
            return False
        words = {low(t) for t in token.sent}
        return bool(words & cues.words("states", "bombardment", "words"))

    def _can_act(self, token: Token, frame: Frame, agent: Agent | None) -> bool:
        """Whether the subject is one that takes, holds or leaves towns: not a van, nor people."""
        if frame.subject == "subject" and frame.word == "verb" and self._is_civil(token):
            return False
        sides = self.nouns.resolver.sides
        if frame.subject in ("to!", "with", "flag", "rule") and sides.of(agent) is None:
            return False
        if agent is not None:
            if agent.kind_hint == "people":
                return False
            return sides.of(agent) is not None or agent.actor is None or not sides.keys
        if frame.subject == "object":
            return not sides.keys
        if frame.subject != "subject" or frame.word == "noun":
            return True
        if is_passive(token):
            return not self._by_things(token)
        if self.subjects.passive_companion(token, frame):
            return True
        head = subject(token)
        return head is None or head.tag_ == "PRP" or self.finder.named(head) is not None

    def _by_things(self, token: Token) -> bool:
        """Whether what `by` names is nobody: "surrounded by hills"."""
        by = next((t for t in following(token, 3) if low(t) == "by"), None)
        noun = next((t for t in following(by, 4) if is_noun(t)), None) if by is not None else None
        if noun is None or noun.tag_ not in ("NNS", "NN") or self.finder.view.mention(noun):
            return False
        return low(noun) in cues.words("states", "things", "words")

    def _is_civil(self, token: Token) -> bool:
        """Whether somebody who holds no ground comes, goes or wins: a minister, a party."""
        head = subject(token) if not is_passive(token) else None
        return head is not None and low(head) in cues.words("actors", "civil", "words")

    # --- does the frame fit -----------------------------------------------------------------

    def _is_word(self, token: Token, frame: Frame) -> bool:
        if frame.word == "noun":
            after = next(following(token, 1), None)
            if frame.predicate == "holds" and after is not None and after.tag_.startswith("NN"):
                return False  # "the defence ministry"
            verbless = token.i == token.sent.start and token.tag_ == "VB"
            nxt = next(following(token, 1), None)
            verbless = verbless or (
                token.tag_ == "VBZ" and nxt is not None and low(nxt) in (*BE, "have", "continue")
            )
            gerund = token.tag_ == "VBG" and token.dep_ in (*SUBJECTS, "obj", "obl", "nmod")
            return token.tag_.startswith("NN") or verbless or gerund
        if frame.word == "adjective":
            return token.tag_.startswith(("JJ", "VBN", "RB", "VBD")) or token.tag_ == "NN"
        if not is_verb(token) and low(token) not in PAST:
            quoted = self.finder.view.quote[token.i] >= 0
            participle = quoted and token.tag_ == "JJ" and low(token).endswith("ed")
            return participle or self._between_troops_and_town(token)
        if low(token) == "left" and token.dep_ == "acl" and token.tag_ == "VBN":
            after = next(following(token, 1), None)
            perfect = any(low(t) in HAVE for t in left_aux(token))
            if not perfect and (after is None or low(after) != "by"):
                return False  # "the only town left in rebel hands"
        if "change" in frame.lemmas and _again_and_again(token):
            return False
        if low(token) in _FALLS and child(token, "xcomp") is not None:
            return False  # "fell silent"
        if token.dep_ in ("aux", "aux:pass", "cop") or states.is_attribute(token):
            return False
        describes = token.tag_ == "VBG" and token.dep_ == "acl" and is_noun(token.head)
        if describes and "inside" in frame.place:
            return False  # "the soldiers remaining in X": told of the soldiers alone
        if token.tag_ == "VBN" and token.dep_ == "amod" and low(token.head) in frame.companions:
            # "X seized control of Y"
            return token.i > token.sent.start and is_noun(token.doc[token.i - 1])
        return not (token.tag_ in ("VBN", "VBG") and token.dep_ == "amod")

    def _between_troops_and_town(self, token: Token) -> bool:
        """ "Our troops control X", where the tagger took the verb for a noun."""
        before = token.doc[token.i - 1] if token.i > token.sent.start else None
        after = next(following(token, 1), None)
        return (
            before is not None
            and after is not None
            and token.tag_ == "NN"
            and (
                low(before) in cues.words("actors", "forces", "words")
                or self.nouns.names_force(before)
            )
            and self.finder.named(after) is not None
        )

    def _accompanied(self, token: Token, frame: Frame) -> bool:
        told = child(token, "xcomp")
        if frame.subject == "object" and told is not None and told.tag_ == "VB":
            return False  # "forced the army to leave"
        if "forces" in frame.place and child(token, "obj") is not None:
            return False  # "drove them away"
        if "inside" in frame.place and frame.predicate == "holds" and _by_nobody(token):
            return False  # "no soldiers remain in X"
        if frame.particles and not any(low(t) in frame.particles for t in _beside(token)):
            return False
        if frame.near:
            around = token.doc[max(token.sent.start, token.i - 8) : token.i + 11]
            if not any(low(t) in frame.near for t in around if t.sent == token.sent):
                return False
        if not frame.companions:
            return True
        return companion(token, frame) is not None

    def _cue(self, token: Token, frame: Frame) -> str:
        words = [token.text]
        after = next(following(token, 1), None)
        if after is not None and low(after) == "back" and not frame.particles:
            words.append(after.text)
        mate = companion(token, frame) if frame.companions else None
        if mate is not None:
            words.append(mate.text)
        words += [t.text for t in following(token, 3) if low(t) in frame.particles]
        return " ".join(words)


def _prevailing(found: Sequence[Found]) -> Iterator[Found]:
    """Without what only describes a town that the same sentence says is lost: "X, their last
    stronghold, fell"."""
    events = {one.located.place for one in found if one.predicate in ("captured", "withdrew")
              and not one.noun}  # fmt: skip
    for one in found:
        if not (one.noun and one.predicate == "holds" and one.located.place in events):
            yield one


def _by_nobody(verb: Token) -> bool:
    """Whether a verb's subject is none: "no soldiers remain"."""
    head = subject(verb)
    return head is not None and any(low(t) in ("no", "none", "not") for t in phrase(head))


def _around(verb: Token) -> set[str]:
    """The adverbs of a verb: "now controls", "controls X again"; not where it tells a share:
    "now controls about half of X" is how things stand."""
    after = list(following(verb, 6))
    if any(low(t) in ("half", "most", "part", "%", "percent") or t.tag_ == "CD" for t in after):
        return set()
    words = {low(t) for t in verb.doc[max(verb.sent.start, verb.i - 4) : verb.i]}
    return words | {low(t) for t in following(verb, 4) if t.tag_ == "RB"}


def _again_and_again(token: Token) -> bool:
    """ "Changed hands more than once": nobody is said to have it."""
    often = {"times", "once", "repeatedly", "twice", "often"}
    return any(low(t) in often for t in following(token, 6))


def _told(one: Found, found: Sequence[Found]) -> bool:
    """Whether the words around already tell something of that town."""
    return any(
        abs(other.trigger.i - one.trigger.i) <= 3 and other.located.place == one.located.place
        for other in found
    )


def _beside(verb: Token) -> Iterator[Token]:
    """Where a verb's particle stands: after it, or after its object ("pulled its men out")."""
    for n, token in enumerate(following(verb, 6)):
        if n > 2 and (token.tag_ in FINITE or token.is_punct):
            return
        yield token
        if n > 1 and (token.tag_ not in NOMINAL or token.tag_ == "IN"):
            return


_OCCUPIES = frozenset({"occupied", "occupying", "dominated"})
_FALLS = frozenset({"fall", "falls", "fell", "fallen", "falling"})
_CONTROLS = frozenset({"control", "controls", "controlled"})
_CLAIMS = frozenset({"claim", "claims", "claimed", "claiming"})
