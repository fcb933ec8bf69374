"""Which words say who holds a town: frames matched on the parse, with the town and the
subject of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from claims.extraction import cues
from claims.extraction.attribution import Attributor
from claims.extraction.cues import Frame
from claims.extraction.grammar import (
    BE,
    FINITE,
    SUBJECTS,
    case_of,
    child,
    following,
    is_noun,
    is_passive,
    is_verb,
    left_aux,
    low,
    object_right,
    phrase,
    subject,
)
from claims.extraction.mentions import Agent
from claims.extraction.places import Located, PlaceFinder
from claims.extraction.records import Predicate
from claims.extraction.words import PAST


@dataclass(frozen=True, slots=True)
class Found:
    """A statement about one town. `trigger` carries it, `cue` is what fired; `subject` None:
    the words do not say who; `noun`: told by a noun, so presupposed."""

    trigger: Token
    predicate: Predicate
    located: Located
    subject: Agent | None
    cue: str
    noun: bool = False


class PredicateFinder:
    """Finds the statements of one paragraph."""

    def __init__(self, finder: PlaceFinder, attributor: Attributor) -> None:
        self.finder = finder
        self.attributor = attributor

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
        for token, frame in matched:
            if token.i in used:
                continue
            read = list(self._read(token, frame))
            if read:
                companion = self._companion(token, frame) if frame.companions else None
                used |= {token.i, companion.i if companion is not None else token.i}
                found += read
        found += self._states(sent)
        yield from sorted(found, key=lambda one: one.trigger.i)

    def _read(self, token: Token, frame: Frame) -> Iterator[Found]:
        """The statements that one frame makes at one word."""
        located = self._places(token, frame)
        if not located or self._is_bombardment(token):
            return
        agent = self._subject(token, frame)
        if not self._can_act(token, frame, agent):
            return
        for one in located:
            if not one.token_names:
                self.finder.discourse.see_town(self.finder.view.start(one.token), one.place)
            yield Found(
                token, frame.predicate, one, agent, self._cue(token, frame), frame.word == "noun"
            )

    def _is_bombardment(self, token: Token) -> bool:
        """Attacks from afar, which are no combat for the town."""
        if low(token) not in cues.inflected("states", "bombardment", "nouns"):
            return False
        words = {low(t) for t in token.sent}
        return bool(words & cues.words("states", "bombardment", "words"))

    def _can_act(self, token: Token, frame: Frame, agent: Agent | None) -> bool:
        """Whether the subject is one that takes, holds or leaves towns: not a van, nor people."""
        sides = self.attributor.resolver.sides
        if frame.subject == "to!" and sides.of(agent) is None:
            return False
        if agent is not None:
            if agent.kind_hint == "people":
                return False
            return sides.of(agent) is not None or agent.actor is None or not sides.keys
        if frame.subject == "object":
            return not sides.keys
        if frame.subject != "subject" or frame.word == "noun" or is_passive(token):
            return True
        if self._passive_companion(token, frame):
            return True
        head = subject(token)
        return head is None or head.tag_ == "PRP" or self.finder.named(head) is not None

    # --- does the frame fit -----------------------------------------------------------------

    def _is_word(self, token: Token, frame: Frame) -> bool:
        if frame.word == "noun":
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
            return quoted and token.tag_ == "JJ" and low(token).endswith("ed")
        return not (token.tag_ in ("VBN", "VBG") and token.dep_ == "amod")

    def _accompanied(self, token: Token, frame: Frame) -> bool:
        after = [low(t) for t in following(token, 6)]
        if frame.particles and not frame.optional_particles:
            near = after[:2] if frame.predicate != "holds" else after[:3]
            if not any(p in near for p in frame.particles):
                return False
        if not frame.companions:
            return True
        return self._companion(token, frame) is not None

    def _companion(self, token: Token, frame: Frame) -> Token | None:
        for t in following(token, 7):
            if low(t) in frame.companions:
                return t
            if t.tag_ in FINITE or low(t) in (",", ";"):
                break
        if is_passive(token) or token.tag_ in ("VBN", "VBD", "VB"):
            for i in range(token.i - 1, max(token.sent.start, token.i - 10) - 1, -1):
                if low(token.doc[i]) in frame.companions:
                    return token.doc[i]
        return None

    def _cue(self, token: Token, frame: Frame) -> str:
        words = [token.text]
        companion = self._companion(token, frame) if frame.companions else None
        if companion is not None:
            words.append(companion.text)
        words += [t.text for t in following(token, 3) if low(t) in frame.particles]
        return " ".join(words)

    # --- the town ---------------------------------------------------------------------------

    def _places(self, token: Token, frame: Frame) -> list[Located]:
        companion = self._companion(token, frame) if frame.companions else None
        anchor = companion if companion is not None else token
        prepositions = frame.place - {"object", "subject", "equals", "there"}
        found: list[Located] = []
        if frame.predicate == "encircled" and (found := self._of_forces(token)):
            return found
        if "object" in frame.place:
            found = self._object(anchor, strict=frame.strict_object)
        if not found and "subject" in frame.place and frame.word != "noun":
            found = self._as_subject(token)
        if not found and frame.word == "noun":
            found = self._of_noun(token, frame)
        if not found and prepositions:
            found = self._prepositional(anchor, token, prepositions)
        if not found and "there" in frame.place and self._says_there(token):
            found = self._here(token)
        if not found and frame.word == "noun" and self._goes_on(token, frame):
            found = self._part_after(token) or self._here(token)
        return found

    def _part_after(self, token: Token) -> list[Located]:
        """ "near the market", after a word: a part of the town that is spoken of."""
        for t in following(token, 8):
            if t.tag_ == "IN" and low(t) in ("in", "near", "at", "around"):
                noun = next((n for n in following(t, 5) if is_noun(n) and n.tag_ != "NNP"), None)
                return self._bare_part(noun) if noun is not None else []
        return []

    def _of_forces(self, token: Token) -> list[Located]:
        """ "They were surrounded", "cut off the garrison": of the town where they are."""
        head = subject(token) if is_passive(token) else child(token, "obj")
        if head is None or self.finder.named(head) is not None:
            return []
        forces = cues.words("actors", "forces", "words")
        if low(head) not in forces and low(head) not in ("they", "them"):
            return []
        return self.finder.in_phrase(head) or self._here(token)

    def _here(self, token: Token) -> list[Located]:
        """The town that is spoken of."""
        place = self.finder.last_place(token)
        return [Located(place, token, tuple(phrase(token)))] if place is not None else []

    def _goes_on(self, token: Token, frame: Frame) -> bool:
        """ "Fighting continues", "there is street fighting", without a town's name; and a
        denial that names none: "denied any takeover"."""
        if any(case_of(c) in frame.place for c in token.children if c.dep_ in ("nmod", "obl")):
            return False
        head = token.head
        if low(head) in cues.inflected("speech", "denies", "verbs"):
            return frame.predicate == "captured" and token.dep_ == "obj"
        if frame.predicate != "fighting":
            return False
        words = {low(t) for t in following(token, 5)}
        words |= {low(t) for t in token.doc[max(token.sent.start, token.i - 4) : token.i]}
        if token.dep_ in SUBJECTS:
            words |= {low(head), *(low(c) for c in head.children)}
        return bool(words & cues.words("states", "going_on", "words"))

    def _says_there(self, token: Token) -> bool:
        return any(low(t) == "there" for t in following(token, 4))

    def _object(self, token: Token, *, strict: bool) -> list[Located]:
        if is_passive(token):
            return self._as_subject(token)
        if self._left_in_a_state(token):
            return []
        obj = child(token, "obj")
        strong = not strict
        if obj is not None and obj.i > token.i:
            if low(obj) in ("what", "that"):
                return []
            if found := self.finder.in_phrase(obj, unknown=strong):
                return self._object_only(found, token)
        found = self.finder.right_of(token, unknown=strong, strict=True)
        if found:
            return found
        return self._relative_object(token) or self._site(token)

    def _site(self, token: Token) -> list[Located]:
        """ "seized the governor's compound": a part of the town that is spoken of."""
        words = object_right(token)
        if not words or not any(low(t) == "the" for t in words[:2]):
            return []
        sites = cues.words("parts", "nouns", "sites")
        last = next((t for t in reversed(words) if is_noun(t) or low(t) in sites), None)
        place = self.finder.last_place(token)
        if last is None or low(last) not in sites or place is None:
            return []
        return [Located(place, last, tuple(words))]

    def _left_in_a_state(self, token: Token) -> bool:
        """ "left the town in ruins", "left it on the cusp": nobody goes away."""
        if token.text.lower() not in ("leave", "leaves", "left", "leaving"):
            return False
        for t in following(token, 8):
            if low(t) in ("in", "on", "with", "without", "as", "at") and t.head.tag_ != "NNP":
                return not self._is_time(t.head)
            if t.text in (",", ";") or t.tag_ in FINITE:
                return False
        return False

    def _is_time(self, noun: Token) -> bool:
        view = self.finder.view
        return noun.tag_ == "NNP" or view.mention(noun) is not None or low(noun) in (
            "night", "morning", "evening", "day", "week", "dawn", "month", "hours", "afternoon",
            "recent", "days",
        )

    def _object_only(self, found: list[Located], token: Token) -> list[Located]:
        """Not "captured troops in X": the town is the object or inside an `of` phrase."""
        return [
            one for one in found
            if case_of(one.token) not in ("in", "near", "around", "at", "from", "for", "on")
            or self._part_noun(token)
        ]

    def _part_noun(self, token: Token) -> bool:
        nouns = cues.words("parts", "nouns", "words") | {"control", "defence", "defense", "position",
                                                          "positions"}  # fmt: skip
        return any(low(t) in nouns for t in object_right(token))

    def _relative_object(self, token: Token) -> list[Located]:
        """ "the town, which they overran", "every town they took"."""
        if token.dep_ != "acl:relcl" and not any(
            low(token.doc[i]) in ("which", "that")
            for i in range(max(token.sent.start, token.i - 7), token.i)
        ):
            return []
        own = child(token, "nsubj") or subject(token)
        if own is None or low(own) in ("which", "that", "who"):
            return []
        which = next(
            (token.doc[i] for i in range(token.i - 1, max(token.sent.start, token.i - 7) - 1, -1)
             if low(token.doc[i]) in ("which", "that")),
            None,
        )
        if which is not None and not which.i < own.i < token.i:
            return []
        if token.dep_ == "acl:relcl":
            if found := self.finder.in_phrase(token.head):
                return found
            if low(token.head) in cues.words("parts", "nouns", "words"):
                inside = self._complements(token, frozenset({"in", "of"}))
                return [replace(one, around=tuple(phrase(token.head))) for one in inside]
        return self._before_relative(which) if which is not None else []

    def _before_relative(self, which: Token) -> list[Located]:
        for i in range(which.i - 1, max(which.sent.start, which.i - 4) - 1, -1):
            token = which.doc[i]
            if (one := self.finder.named(token)) is not None:
                return [one]
            if found := self.finder.anaphor(token):
                return found
        return []

    def _as_subject(self, token: Token) -> list[Located]:
        head = subject(token)
        if head is None:
            return []
        if token.dep_ == "acl" and token.head.i < token.i and is_passive(token):
            head = token.head
        mention = self.finder.view.mention(head)
        if low(head) == "it" or mention is None or mention.agent is None or mention.places:
            if found := self.finder.in_phrase(head, unknown=True):
                return found
        return self._first_noun(token, head)

    def _first_noun(self, token: Token, head: Token | None) -> list[Located]:
        """The sentence's first noun, where an apposition or clause parts it from its verb."""
        first = next((t for t in token.sent if is_noun(t)), None)
        if first is None or (head is not None and first.i >= head.i) or first.i > token.i:
            return []
        comma = any(t.text == "," for t in token.doc[first.i : token.i])
        begins = first.left_edge.i == token.sent.start
        return self.finder.in_phrase(first) if comma and begins else []

    def _of_noun(self, token: Token, frame: Frame) -> list[Located]:
        prepositions = frame.place - {"subject", "equals"}
        heads = [token]
        if frame.predicate == "fighting" and token.dep_ in SUBJECTS and is_verb(token.head):
            heads.append(token.head)
        for head in heads:
            found = self._complements(head, prepositions)
            if found:
                return found
        if "of" in frame.place or frame.predicate == "fighting":
            owner = child(token, "nmod:poss", "compound")
            if owner is not None and frame.predicate != "withdrew":
                if low(owner) == "its":
                    place = self.finder.last_place(token)
                    return [Located(place, owner, (owner,))] if place is not None else []
                if found := self.finder.in_phrase(owner):
                    return found
        if "equals" in frame.place:
            return self._apposed(token)
        if "subject" in frame.place:
            return self._as_subject(token)
        return []

    def _complements(self, head: Token, prepositions: frozenset[str]) -> list[Located]:
        """The towns in the prepositional phrases that hang on a word."""
        found: list[Located] = []
        for c in head.children:
            if c.dep_ in ("nmod", "obl", "obl:arg") and c.i > head.i and case_of(c) in prepositions:
                unknown = case_of(c) in ("on", "for", "from", "at")
                found += self.finder.in_phrase(c, unknown=unknown) or self._bare_part(c)
        return found

    def _bare_part(self, noun: Token) -> list[Located]:
        """ "in the western outskirts", of the town that is spoken of."""
        definite = any(low(t) == "the" for t in phrase(noun))
        if definite and low(noun) in cues.words("parts", "nouns", "words"):
            return self._here(noun)
        return []

    def _apposed(self, token: Token) -> list[Located]:
        """ "X, a Russian stronghold"."""
        if token.dep_ == "appos" and (found := self.finder.in_phrase(token.head)):
            return found
        for i in range(token.i - 1, max(token.sent.start, token.i - 6), -1):
            if token.doc[i].text == ",":
                one = self.finder.named(token.doc[i - 1])
                return [one] if one is not None else []
        return []

    def _prepositional(
        self, anchor: Token, trigger: Token, prepositions: frozenset[str]
    ) -> list[Located]:
        for head in {anchor.i: anchor, trigger.i: trigger}.values():
            if found := self._complements(head, prepositions):
                return found
        return self.finder.after(anchor, prepositions)

    # --- the subject ------------------------------------------------------------------------

    def _subject(self, token: Token, frame: Frame) -> Agent | None:
        if frame.subject == "none":
            return None
        if frame.subject == "owner" or frame.word == "noun":
            return self._owner(token)
        if frame.subject in ("to", "to!"):
            return self._recipient(token)
        if frame.subject == "object":
            obj = child(token, "obj", "nsubj:pass")
            if is_passive(token) and obj is None:
                obj = subject(token)
            return self.attributor.of_noun(obj) if obj is not None else None
        if (is_passive(token) and "object" in frame.place) or self._passive_companion(token, frame):
            return self._agent_by(token)
        head = subject(token)
        if head is None:
            return None
        return self._of(head)

    def _passive_companion(self, token: Token, frame: Frame) -> bool:
        companion = self._companion(token, frame) if frame.companions else None
        return companion is not None and (is_passive(token) or companion.i < token.i)

    def _of(self, head: Token) -> Agent | None:
        located = self.finder.named(head)
        mention = self.finder.view.mention(head)
        if located is not None and (mention is None or mention.agent is None):
            return None
        if low(head) in ("we", "us"):
            return self.attributor.discourse.speaker
        return self.attributor.of_noun(head)

    def _agent_by(self, token: Token) -> Agent | None:
        for c in token.children:
            if c.dep_ in ("obl:agent", "obl") and case_of(c) == "by" and c.i > token.i:
                return self.attributor.of_noun(c)
        for t in following(token, 6):
            if low(t) == "by":
                noun = next((n for n in following(t, 6) if is_noun(n)), None)
                return self.attributor.of_noun(noun) if noun is not None else None
            if t.tag_ in FINITE or t.text == ",":
                break
        return None

    def _owner(self, token: Token) -> Agent | None:
        owner = child(token, "nmod:poss")
        if owner is not None and self.finder.named(owner) is None and low(owner) != "its":
            return self.attributor.of_noun(owner)
        if (agent := self._agent_by(token)) is not None:
            return agent
        for c in token.lefts:
            mention = self.finder.view.mention(c)
            if mention is not None and mention.agent is not None:
                return mention.agent
        return None

    def _recipient(self, token: Token) -> Agent | None:
        """ "fell to X", "fell into X's hands", "has fallen to their hands"."""
        for t in following(token, 8):
            if low(t) in ("to", "into", "under", "in"):
                noun = next((n for n in following(t, 7) if is_noun(n) and n.tag_ != "PRP$"), None)
                if noun is None:
                    return None
                words = [n for n in following(t, noun.i - t.i)]
                return self.holder(noun, words)
            if t.tag_ in FINITE:
                break
        return None

    def holder(self, noun: Token, words: Sequence[Token]) -> Agent | None:
        """Who holds: the owner of "hands", what follows its `of`, or the noun itself."""
        states = cues.inflected("states", "state_nouns")
        head = noun
        while head.dep_ in ("compound", "nmod:poss", "amod") and head.head.i > head.i:
            head = head.head
        if low(head) in states or low(noun) in states:
            return self._owner_words(head if low(head) in states else noun, words)
        return self.attributor.of_noun(head)

    def _owner_words(self, noun: Token, words: Sequence[Token]) -> Agent | None:
        for t in [*words, *noun.lefts]:
            word = low(t)
            if word in ("our", "my"):
                return self.attributor.discourse.speaker
            if word == "your":
                return self.attributor.discourse.speaker
            if word in ("their", "its", "his", "her"):
                return self.attributor.pronoun(word)
        rest = list(following(noun, 7))
        if rest and low(rest[0]) == "of":
            target = next((t for t in rest[1:] if is_noun(t)), None)
            while target is not None and target.dep_ in ("compound", "nmod:poss", "amod") and (
                target.head.i > target.i
            ):
                target = target.head
            if target is not None:
                if any(low(t) in ("our", "your") for t in rest[1:3]):
                    return self.attributor.discourse.speaker
                return self.attributor.of_noun(target)
        owner = child(noun, "nmod:poss", "compound")
        if owner is not None:
            return self.attributor.of_noun(owner)
        return self.attributor.resolver.phrase(self.attributor.words([t for t in words if t != noun]))

    # --- states -----------------------------------------------------------------------------

    def _states(self, sent: Span) -> Iterator[Found]:
        """ "X is in our hands", "under the control of Y", "X is ours"."""
        nouns = cues.inflected("states", "state_nouns")
        for token in sent:
            if low(token) == "ours":
                agent = self.attributor.discourse.speaker
                yield from self._state(token, token, agent)
            if low(token) not in nouns or not token.tag_.startswith("NN"):
                continue
            opening = self._state_opening(token)
            if opening is None:
                continue
            words = list(token.doc[opening.i + 1 : token.i])
            agent = self._owner_words(token, words)
            if low(opening) == "in" and low(token) == "control":
                agent = None  # "X is in control of the town"
                yield from self._in_control(token, opening)
                continue
            if low(opening) == "under" and low(token) in ("control",) and self._situation(opening):
                yield from self._under_control(token)
                continue
            yield from self._state(opening, token, agent)

    def _state_opening(self, noun: Token) -> Token | None:
        for i in range(noun.i - 1, max(noun.sent.start, noun.i - 8) - 1, -1):
            word = noun.doc[i]
            if low(word) in ("in", "into", "under", "within", "to"):
                return word
            if word.tag_ in FINITE or word.text in (",", ";"):
                return None
        return None

    def _state(self, opening: Token, noun: Token, agent: Agent | None) -> Iterator[Found]:
        if self._is_recipient(opening):
            return
        located = self._state_place(opening, noun)
        words = {low(t) for t in opening.doc[max(opening.sent.start, opening.i - 8) : noun.i + 1]}
        words |= {low(t) for t in following(noun, 3)}
        predicate = self._event_or_state(words, agent)
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

    def _event_or_state(self, words: set[str], agent: Agent | None) -> Predicate:
        keep = cues.words("states", "keep", "words")
        change = cues.words("states", "change", "words")
        if words & keep:
            return "holds"
        return "captured" if words & change or "ours" in words else "holds"

    def _state_place(self, opening: Token, noun: Token) -> list[Located]:
        verb = next(
            (opening.doc[i] for i in range(opening.i - 1, opening.sent.start - 1, -1)
             if is_verb(opening.doc[i])),
            None,
        )
        if verb is not None and opening.i - verb.i <= 6:
            if low(verb) in ("have", "has", "had", "put", "brought", "placed", "taken", "keep"):
                return self.finder.right_of(verb)
            head = self._verb_subject(verb, noun)
            if head is not None and (found := self.finder.in_phrase(head, unknown=True)):
                return found
            if found := self._first_noun(opening, head):
                return found
        for i in range(opening.i - 1, max(opening.sent.start, opening.i - 6) - 1, -1):
            token = opening.doc[i]
            if (one := self.finder.named(token)) is not None:
                return [one]
            if found := self.finder.anaphor(token):
                return found
        return []

    def _verb_subject(self, verb: Token, noun: Token) -> Token | None:
        if (own := child(noun, *SUBJECTS)) is not None and low(own) not in ("which", "that", "who"):
            return own
        for c in verb.children:
            if c.dep_ in SUBJECTS:
                return c if low(c) not in ("which", "that") else subject(verb)
        return subject(verb)

    def _in_control(self, noun: Token, opening: Token) -> Iterator[Found]:
        located = self.finder.after(noun, frozenset({"of", "over"}))
        verb = next(
            (opening.doc[i] for i in range(opening.i - 1, opening.sent.start - 1, -1)
             if is_verb(opening.doc[i])),
            None,
        )
        head = self._verb_subject(verb, noun) if verb is not None else None
        agent = self._of(head) if head is not None else None
        words = {low(t) for t in opening.doc[max(opening.sent.start, opening.i - 6) : noun.i + 1]}
        predicate = self._event_or_state(words, agent)
        for one in located:
            yield Found(opening, predicate, one, agent, opening.doc[opening.i : noun.i + 1].text)

    def _situation(self, opening: Token) -> bool:
        before = [low(opening.doc[i]) for i in range(max(opening.sent.start, opening.i - 6), opening.i)]
        return "situation" in before

    def _under_control(self, noun: Token) -> Iterator[Found]:
        """ "have the situation under control": of the town that the talk is about."""
        place = self.finder.last_place(noun)
        verb = next(
            (noun.doc[i] for i in range(noun.i - 1, noun.sent.start - 1, -1)
             if low(noun.doc[i]) in ("have", "has", "had", "keep", "kept")),
            None,
        )
        head = subject(verb) if verb is not None else None
        agent = self._of(head) if head is not None else self.attributor.discourse.speaker
        if place is not None and agent is not None:
            yield Found(noun, "holds", Located(place, noun, (noun,)), agent, "under control")


def group_start(token: Token) -> Token:
    """The first token of a verb's group."""
    aux = left_aux(token)
    return aux[0] if aux else token


def clause_words(token: Token) -> list[Token]:
    """The phrase around a trigger, for whoever reads its dates."""
    return phrase(token)
