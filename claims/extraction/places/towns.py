"""Where the town of a statement stands: the object, the subject, behind a preposition."""

from __future__ import annotations

from claims.extraction import cues
from claims.extraction.cues import Frame
from claims.extraction.places import apart
from claims.extraction.places.ellipsis import unsaid
from claims.extraction.places.finder import Located, PlaceFinder
from claims.extraction.places.relatives import RelativeReader
from claims.extraction.statements.frames import companion
from claims.extraction.text.grammar import (
    FINITE,
    HAVE,
    SUBJECTS,
    TIMES,
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
from claims.extraction.text.tokens import Token


class TownFinder:
    """Finds the towns that a frame's words are about."""

    def __init__(self, finder: PlaceFinder) -> None:
        self.finder = finder
        self.relatives = RelativeReader(finder)

    def places(self, token: Token, frame: Frame) -> list[Located]:
        mate = companion(token, frame) if frame.companions else None
        anchor = mate if mate is not None else token
        prepositions = frame.place - {"object", "subject", "equals", "there", "adverb", "forces"}
        found: list[Located] = []
        if frame.predicate == "encircled" and (found := self._of_forces(token)):
            return found
        if "object" in frame.place:
            found = self._object(anchor, strict=frame.strict_object)
        if not found and "subject" in frame.place and frame.word != "noun":
            found = self._as_subject(token) or apart.stays_so(self.finder, token, frame)
        if not found and frame.word == "noun":
            found = self._of_noun(token, frame)
        if not found and prepositions and not _is_route_between(anchor):
            found = self._prepositional(anchor, token, prepositions)
            if not found and frame.subject != "object":
                found = self.relatives.where(token, prepositions)
        if not found and self._says_there(token, frame):
            found = self.here(token)
        if not found and "forces" in frame.place:
            found = apart.forces(self.finder, token)
        if not found and "adverb" in frame.place:
            found = self._unsaid(token, frame)
        if not found and frame.word == "noun" and self._goes_on(token, frame):
            found = self._part_after(token) or self.here(token)
        if not found and {"object", "subject"} & frame.place and frame.word == "verb":
            found = self._titled(token)
        if not found and frame.predicate == "captured" and frame.companions:
            found = [Located(p, token, (token,)) for p in self.finder.discourse.towns.at_head]
        if not found and frame.companions and frame.predicate == "holds":
            found = apart.attempted(self.finder, anchor)
        if not found and (frame.predicate == "fighting" or "attempt" in frame.companions):
            found = apart.in_front(self.finder, token, prepositions)
        if not found and frame.predicate == "fighting" and frame.word == "noun":
            found = apart.goes_on_in(self.finder, token)
        return (
            found or apart.described(self.finder, token, frame) or unsaid(self.finder, token, frame)
        )

    def _titled(self, verb: Token) -> list[Located]:
        """ "X: lost in May, retaken in June": of the town before a colon."""
        if verb.tag_ not in ("VBN", "VBD", "VBP") or child(verb, *SUBJECTS, "obj") is not None:
            titled = child(verb, "nsubj", "nsubj:pass")
            if titled is None or titled.i != verb.sent.start:
                return []
        first = verb.doc[verb.sent.start]
        colon = next(following(first, 1), None)
        told = colon is not None and colon.text == ":" and verb.i > colon.i
        if not told or child(verb, "obj") is not None:
            return []
        between = verb.doc[first.i + 2 : verb.i]
        one = self.finder.named(first)
        if one is None or any(self.finder.named(t) or t.tag_ == "PRP" for t in between):
            return []
        return [one]

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
        head = apart.men(head)
        forces = cues.words("actors", "forces", "words")
        if low(head) not in forces and low(head) not in ("they", "them"):
            return []
        inside = frozenset({"in", "inside", "near", "at", "around"})
        return (
            self.finder.in_phrase(head)
            or self._complements(head, inside)
            or self._complements(token, inside)
            or self.here(token)
        )

    def here(self, token: Token) -> list[Located]:
        """The town that is spoken of, or the several at the paragraph's head."""
        places = self.finder.spoken_of(token)
        return [Located(place, token, tuple(phrase(token))) for place in places]

    def _unsaid(self, verb: Token, frame: Frame) -> list[Located]:
        """ "The troops left", "fighters went in at dawn": where the talk is, if nothing says
        where else."""
        moved = child(verb, "obj", "xcomp", "ccomp") if frame.subject == "subject" else None
        after = next(following(verb, 1), None)
        stays = verb.tag_ == "VBN" and after is not None and low(after) in ("in", "at")
        if moved is not None and any(c.dep_ == "case" for c in moved.children):
            moved = None  # "left without a fight"
        rest = verb.dep_ == "acl" or stays  # "the few soldiers left in X"
        bare = rest and not any(low(t) in HAVE for t in left_aux(verb))
        head = subject(verb)
        mention = self.finder.view.mention(head) if head is not None else None
        alone = mention is not None and mention.kind == "person"
        if moved is not None or bare or alone or head is None or low(head) in _ONE_PERSON:
            return []
        elsewhere = ("from", "into", "to", "on", "of", "for", "behind", "with", "in", "against")
        for c in verb.children:
            timed = self._is_time(c) or low(c) in TIMES or any(low(t) in TIMES for t in c.lefts)
            aside = c.dep_ == "obl" and case_of(c) in elsewhere and not timed
            if aside and low(c) not in _DIRECTIONS and not (frame.particles and case_of(c) == "in"):
                return []
        places = self.finder.spoken_of(verb)
        start = self.finder.view.start(verb)
        if not places or not self.finder.discourse.towns.is_near(places[0], start, within=2):
            return []
        return [Located(place, verb, (verb,)) for place in places]

    def _goes_on(self, token: Token, frame: Frame) -> bool:
        """ "Fighting continues", "there is street fighting", without a town's name; and a
        denial that names none: "denied any takeover"."""
        if any(case_of(c) in frame.place for c in token.children if c.dep_ in ("nmod", "obl")):
            return False
        head = token.head
        if low(head) in cues.inflected("speech", "denies", "verbs"):
            return frame.predicate == "captured" and token.dep_ == "obj"
        if low(head) in cues.inflected("speech", "unconfirmed", "verbs"):
            told = token.dep_ in ("obj", "nsubj:pass")
            return frame.predicate in ("captured", "withdrew") and told
        if frame.predicate != "fighting":
            return False
        words = {low(t) for t in following(token, 5)}
        words |= {low(t) for t in token.doc[max(token.sent.start, token.i - 4) : token.i]}
        if token.dep_ in SUBJECTS:
            words |= {low(head), *(low(c) for c in head.children)}
        return bool(words & cues.words("states", "going_on", "words"))

    def _says_there(self, token: Token, frame: Frame) -> bool:
        """ "They are standing there", "fighting there goes on"."""
        if not {"there", "in"} & frame.place:
            return False
        there = next((t for t in following(token, 5) if low(t) == "there"), None)
        return there is not None and there.dep_ != "expl"

    def _object(self, token: Token, *, strict: bool) -> list[Located]:
        if self._left_in_a_state(token):
            return []
        if is_passive(token):
            return self._as_subject(token)
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
        return (
            self.relatives.object(token)
            or self._site(token)
            or self._headline_passive(token)
            or self._fronted(token)
            or apart.side(self.finder, obj)
        )

    def _fronted(self, verb: Token) -> list[Located]:
        """ "X they took in May"."""
        own = child(verb, *SUBJECTS)
        if own is None or own.tag_ != "PRP" or own.i == own.sent.start:
            return []
        town = own.doc[own.i - 1]
        begins = town.i == town.sent.start or town.doc[town.i - 1].text in (";", ",", ":")
        one = self.finder.named(town) if begins else None
        return [one] if one is not None else []

    def _headline_passive(self, token: Token) -> list[Located]:
        """ "X liberated, says Y": headlines drop the auxiliary."""
        head = child(token, *SUBJECTS)
        if head is None or token.tag_ not in ("VBD", "VBN") or child(token, "obj") is not None:
            return []
        one = self.finder.named(head)
        mention = self.finder.view.mention(head)
        if one is None or mention is None or mention.agent is not None:
            return []
        return self.finder.in_phrase(head)

    def _site(self, token: Token) -> list[Located]:
        """ "seized the governor's compound", "hold several districts": a part of the town that
        is spoken of."""
        words = object_right(token)
        if not words or not any(low(t) in _SOME_OF_IT for t in words[:2]):
            return []
        sites = cues.words("parts", "nouns", "sites")
        last = next((t for t in reversed(words) if is_noun(t) or low(t) in sites), None)
        place = self.finder.last_place(token)
        if last is None or low(last) not in sites or place is None:
            return []
        definite = any(low(t) in ("the", "most", "all") for t in words[:2])
        near = definite or self.finder.towns.is_near(place, self.finder.view.start(token))
        return [Located(place, last, tuple(words))] if near else []

    def _left_in_a_state(self, token: Token) -> bool:
        """ "left the town in ruins", "left it on the cusp": nobody goes away."""
        if token.text.lower() not in ("leave", "leaves", "left", "leaving"):
            return False
        if is_passive(token):  # "little of it is left standing"
            return not any(low(t) == "by" for t in following(token, 6))
        for t in following(token, 8):
            if low(t) in ("there", "alone", "aside", "open", "standing", "unguarded", "untouched"):
                return True  # "we leave it there"
            if low(t) in ("in", "on", "with", "without", "as", "at") and t.head.tag_ != "NNP":
                manner = cues.words("places", "leaving", "manner")
                return not self._is_time(t.head) and low(t.head) not in manner
            if t.text in (",", ";") or t.tag_ in FINITE:
                return False
        return False

    def _is_time(self, noun: Token) -> bool:
        view = self.finder.view
        named = noun.tag_ in ("NNP", "CD") or view.mention(noun) is not None
        return named or low(noun) in TIMES or low(noun) == "recent"

    def _object_only(self, found: list[Located], token: Token) -> list[Located]:
        """Not "captured troops in X": the town is the object or inside an `of` phrase."""
        return [
            one
            for one in found
            if case_of(one.token) not in ("in", "near", "around", "at", "from", "for", "on")
            or self._part_noun(token)
        ]

    def _part_noun(self, token: Token) -> bool:
        nouns = cues.words("parts", "nouns", "words") | _HELD
        return any(low(t) in nouns for t in object_right(token))

    def _as_subject(self, token: Token) -> list[Located]:
        head = subject(token)
        if head is None:
            return []
        describes = token.dep_ == "acl" and token.head.i < token.i and is_passive(token)
        if describes and child(token, *SUBJECTS) is None:
            head = token.head
        if (first := apart.before_apposition(self.finder, token, head)) is not None:
            return [first]
        mention = self.finder.view.mention(head)
        acts = mention is not None and mention.agent is not None and not mention.places
        if not acts and (found := self.finder.in_phrase(head, unknown=True)):
            return found
        return (
            self.first_noun(token, head)
            or apart.before_verb(self.finder, token)
            or self._bare_site(head)
        )

    def _bare_site(self, noun: Token) -> list[Located]:
        """ "the headquarters has changed hands", of the town that is spoken of."""
        sites = cues.words("parts", "nouns", "sites") - cues.words("parts", "nouns", "weak")
        definite = any(low(t) == "the" for t in phrase(noun))
        place = self.finder.last_place(noun)
        if not definite or low(noun) not in sites or place is None:
            return []
        near = self.finder.towns.is_near(place, self.finder.view.start(noun))
        return [Located(place, noun, tuple(phrase(noun)))] if near else []

    def first_noun(self, token: Token, head: Token | None) -> list[Located]:
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
        after = [low(t) for t in following(token, 2)]
        if "of" in prepositions and after == ["of", "which"]:
            return self.relatives.of(token)
        if frame.predicate == "fighting" and token.dep_ in SUBJECTS and is_verb(token.head):
            heads.append(token.head)
        if "from" in prepositions:  # "the withdrawal of its troops from X"
            heads += [c for c in token.children if c.dep_ == "nmod" and case_of(c) == "of"]
        for head in heads:
            found = self._complements(head, prepositions)
            if found:
                return found
        if "of" in frame.place or frame.predicate == "fighting":
            owner = child(token, "nmod:poss", "compound")
            if owner is not None and frame.predicate != "withdrew":
                if low(owner) == "its" and frame.predicate == "fighting":
                    return []
                if low(owner) == "its":
                    place = self.finder.last_place(token)
                    return [Located(place, owner, (owner,))] if place is not None else []
                if found := self.finder.in_phrase(owner):
                    return found
        if "equals" in frame.place:
            return self._apposed(token) or self._equated(token)
        if "subject" in frame.place:
            return self._as_subject(token)
        return []

    def _complements(self, head: Token, prepositions: frozenset[str]) -> list[Located]:
        """The towns in the prepositional phrases that hang on a word."""
        found: list[Located] = []
        for c in head.children:
            case = case_of(c)
            out_of = case in ("out", "of") and any(low(t) == "out" for t in following(head, 2))
            if c.dep_ in ("nmod", "obl", "obl:arg") and c.i > head.i:
                if case not in prepositions and not (out_of and "of" in prepositions):
                    continue
                unknown = out_of or case in ("on", "for", "from", "at")
                found += self.finder.in_phrase(c, unknown=unknown) or self._bare_part(c)
        return found

    def _bare_part(self, noun: Token) -> list[Located]:
        """ "in the western outskirts", of the town that is spoken of."""
        definite = any(low(t) == "the" for t in phrase(noun))
        if definite and low(noun) in cues.words("parts", "nouns", "words"):
            return self.here(noun)
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

    def _equated(self, noun: Token) -> list[Located]:
        """ "X is a Russian stronghold"."""
        head = child(noun, *SUBJECTS) if child(noun, "cop") is not None else None
        return self.finder.in_phrase(head) if head is not None else []

    def _prepositional(
        self, anchor: Token, trigger: Token, prepositions: frozenset[str]
    ) -> list[Located]:
        if is_verb(trigger) and "from" in prepositions and not _out_of(trigger):
            prepositions -= {"of"}  # "retreated to the west of X"
        for head in {anchor.i: anchor, trigger.i: trigger}.values():
            if found := self._complements(head, prepositions):
                return found
        if "from" in prepositions and _splits(trigger):
            prepositions -= {"of"}  # "broke out in the streets of X"
        return self.finder.after(anchor, prepositions)


def _out_of(verb: Token) -> bool:
    return any(low(t) in ("out", "clear", "rid", "control") for t in following(verb, 7))


def _splits(verb: Token) -> bool:
    """Whether what follows "out" is no "of": "broke out in"."""
    after = list(following(verb, 2))
    return len(after) == 2 and low(after[0]) == "out" and low(after[1]) in ("in", "at", "on")


def _is_route_between(noun: Token) -> bool:
    """ "the road from X to Y", "the railway linking X with Y": neither town's."""
    if low(noun) not in cues.words("places", "beside", "relations"):
        return False
    after = next(following(noun, 1), None)
    return after is not None and low(after) in ("from", "between", "linking", "connecting")


_SOME_OF_IT = frozenset({"the", "most", "all", "several", "some", "two", "three", "four", "many",
                         "few", "other", "more", "a"})  # fmt: skip
_ONE_PERSON = frozenset({"i", "he", "she", "you", "who", "everyone", "nobody", "people"})
_DIRECTIONS = frozenset({"north", "south", "east", "west", "side", "sides", "direction", "front"})
# What one holds inside a town: "defensive positions in X".
_HELD = frozenset({"control", "defence", "defense", "position", "positions"})
