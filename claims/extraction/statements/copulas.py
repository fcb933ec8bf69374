"""What a town or an army is said to be: "X is theirs", "X is Y's again", "they are inside X",
"at the gates of X", "out of X"; also in headlines, which leave the verb out."""

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
    SUBJECTS,
    case_of,
    child,
    following,
    is_noun,
    is_verb,
    low,
    phrase,
    subject,
    subject_before,
)
from claims.extraction.text.tokens import Span, Token

_INSIDE = ("compound", "amod", "nmod:poss", "flat")
_STANDING = frozenset({"still", "firm", "and", "as", "but"})


class CopulaFinder:
    """Finds what is said of towns and armies by `be`, `remain`, `stand` and by no verb."""

    def __init__(self, finder: PlaceFinder, towns: TownFinder, subjects: SubjectFinder) -> None:
        self.finder = finder
        self.towns = towns
        self.subjects = subjects

    def find(self, sent: Span) -> Iterator[Found]:
        """What the sentence says so, in order."""
        prepositions = cues.words("states", "where", "prepositions")
        owners = cues.words("states", "owners", "words")
        free = cues.words("states", "free", "words")
        stays = cues.inflected("states", "stays", "verbs")
        stands = cues.words("states", "stands", "verbs")
        for token in sent:
            word = low(token)
            if word in prepositions:
                yield from self._where(token)
            elif word in owners or token.tag_ == "POS":
                yield from self._owned(token if word in owners else token.head)
            elif word == "again":
                yield from self._again(token)
            elif word in free:
                yield from self._free(token)
            elif word in stands and token.tag_.startswith("VB"):
                yield from self._stands(token)
            if word in ("home", "back"):
                yield from self._home_or_back(token)
            elif word in stays:
                yield from self._stays(token)

    # --- a town is -----------------------------------------------------------------------------

    def _owned(self, owner: Token) -> Iterator[Found]:
        """ "X is theirs", "X is still the government's"."""
        if child(owner, "cop") is None or owner.dep_ in ("nmod:poss", "compound"):
            return
        agent = self.subjects.owner(owner)
        yield from self._town_is(owner, agent)

    def _again(self, again: Token) -> Iterator[Found]:
        """ "X is Ukrainian again"."""
        for i in range(again.i - 1, max(again.sent.start, again.i - 3), -1):
            head = again.doc[i]
            mention = self.finder.view.mention(head)
            if mention is not None and mention.agent is not None and child(head, "cop") is not None:
                yield from self._town_is(head, self.subjects.of(head))
                return

    def _home_or_back(self, word: Token) -> Iterator[Found]:
        """ "X is home to an army garrison", "X is back with the army"."""
        home = low(word) == "home"
        rest = list(following(word, 8))
        if not rest or low(rest[0]) not in (("to",) if home else ("with",)):
            return
        head = next((t for t in rest[1:] if is_noun(t) and t.dep_ not in _INSIDE), None)
        forces = cues.words("actors", "forces", "words")
        if head is None or (home and low(head) not in forces):
            return
        agent = self.subjects.of(head)
        town = child(word, *SUBJECTS) or subject_before(word)
        if agent is None or town is None or self.subjects.nouns.resolver.sides.of(agent) is None:
            return
        for one in self.finder.in_phrase(town):
            yield Found(word, "holds" if home else "captured", one, agent, word.text)

    def _stays(self, verb: Token) -> Iterator[Found]:
        """ "X remains Norlandic"."""
        last = next((t for t in following(verb, 3) if t.tag_ != "RB"), None)
        mention = self.finder.view.mention(last) if last is not None else None
        town = child(verb, *SUBJECTS) or subject_before(verb)
        if last is None or mention is None or mention.kind != "demonym" or town is None:
            return
        after = next(following(last, 1), None)
        if mention.agent is None or (after is not None and is_noun(after)):
            return
        for one in self.finder.in_phrase(town):
            yield Found(verb, "holds", one, mention.agent, verb.text)

    def _free(self, free: Token) -> Iterator[Found]:
        """ "X is free"."""
        after = next(following(free, 1), None)
        if child(free, "cop") is None or (after is not None and low(after) == "to"):
            return
        yield from self._town_is(free, None, "captured")

    def _stands(self, verb: Token) -> Iterator[Found]:
        """ "X stands", "X has held out", of a town that is defended."""
        after = next(following(verb, 1), None)
        ends = after is None or after.is_punct or low(after) in _STANDING
        holding = low(verb).startswith("hold")
        ends = ends or (holding and after is not None and low(after) in ("on", "out"))
        head = child(verb, *SUBJECTS)
        owns = head is not None and head.tag_ == "PRP" and holding
        if head is None or owns or not ends:  # "the towns it holds"
            return
        for one in self.finder.in_phrase(head):
            yield Found(verb, "holds", one, None, verb.text)

    def _town_is(
        self, head: Token, agent: Agent | None, predicate: Predicate | None = None
    ) -> Iterator[Found]:
        town = child(head, *SUBJECTS) or subject(head)
        if town is None or town.i > head.i or (agent is None and predicate is None):
            return
        words = {low(t) for t in head.doc[town.i : head.i + 3]}
        if predicate is None:
            keep = words & cues.words("states", "keep", "words")
            change = words & (cues.words("states", "change", "words") | {"ours"})
            predicate = "captured" if change and not keep else "holds"
        cue = head.doc[max(head.left_edge.i, town.i + 1) : head.i + 1].text
        for one in self.finder.in_phrase(town) or self.towns.first_noun(head, town):
            yield Found(head, predicate, one, agent, cue)

    # --- an army is ------------------------------------------------------------------------------

    def _where(self, preposition: Token) -> Iterator[Found]:
        """ "They are inside X", "rebels at the gates of X", "the army is out of X"."""
        word = low(preposition)
        told = self._left(preposition) or self._predicate_at(preposition)
        if told is None:
            return
        predicate, anchor = told
        actor = self._who(preposition)
        if actor is None:
            return
        agent = self.subjects.of(actor)
        sides = self.subjects.nouns.resolver.sides
        if agent is None or (sides.keys and sides.of(agent) is None):
            return
        cue = preposition.doc[preposition.i : anchor.i + 1].text
        carries = actor if predicate == "withdrew" and anchor == preposition else preposition
        located = self.finder.right_of(anchor) if word != "there" else []
        for one in located or self.finder.bare_part(preposition):
            around = (*preposition.doc[preposition.i + 1 : anchor.i + 1], *one.around)
            yield Found(carries, predicate, Located(one.place, one.token, around, one.part,
                                                        one.token_names), agent, cue)  # fmt: skip

    def _left(self, preposition: Token) -> tuple[Predicate, Token] | None:
        """ "Are no longer in X"."""
        before = [low(t) for t in preposition.doc[max(preposition.i - 2, 0) : preposition.i]]
        here = low(preposition) in ("in", "inside") and before == ["no", "longer"]
        return ("withdrew", preposition) if here else None

    def _predicate_at(self, preposition: Token) -> tuple[Predicate, Token] | None:
        """What a preposition tells, with the word that the town follows."""
        word = low(preposition)
        after = list(following(preposition, 5))
        if word == "inside":
            return "advancing", preposition
        if word == "out" or word == "gone":
            of = after[0] if after and low(after[0]) in ("of", "from") else None
            return ("withdrew", of) if of is not None else None
        edges = cues.inflected("states", "where", "edges")
        masters = cues.inflected("states", "where", "possession")
        nouns = edges | masters
        noun = next((t for t in after if low(t) in nouns), None)
        if noun is None or any(is_verb(t) or t.is_punct for t in after[: noun.i - preposition.i]):
            return None
        of = next(following(noun, 1), None)
        if of is None or low(of) not in ("of", "to", "in"):
            return ("advancing", noun) if low(noun) in edges else None
        if low(noun) in masters:
            return "captured" if self._changed(preposition) else "holds", of
        return "advancing", of

    def _changed(self, token: Token) -> bool:
        before = {low(t) for t in token.doc[max(token.sent.start, token.i - 4) : token.i]}
        return bool(before & cues.words("states", "change", "words"))

    def _who(self, preposition: Token) -> Token | None:
        """Who is there: the subject of `be` or `stand`, or the noun of a headline."""
        stative = cues.words("states", "where", "verbs")
        sent = preposition.sent
        i = preposition.i - 1
        while i > sent.start and (
            preposition.doc[i].tag_ in ("RB", "RBR") or low(preposition.doc[i]) == "no"
        ):
            i -= 1
        if i < sent.start:
            return None
        before = preposition.doc[i]
        if low(before) in stative:
            told = before.head if before.dep_ in ("cop", "aux", "aux:pass") else before
            found = child(before, *SUBJECTS) or child(told, *SUBJECTS)
            return found if found is not None else subject(told)
        tensed = any(t.tag_ in FINITE for t in sent[: before.i - sent.start])
        verbless = is_noun(before) and not tensed
        opens = before.i - sent.start <= 4 and case_of(before) == ""
        return before if verbless and opens and len(phrase(before)) <= 8 else None
