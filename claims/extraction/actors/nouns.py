"""Whom the noun phrases and pronouns of a paragraph mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from claims.extraction import cues
from claims.extraction.actors.agents import AgentResolver, Word
from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.speakers import described, is_own_press, press
from claims.extraction.text.grammar import (
    SUBJECTS,
    case_of,
    following,
    is_noun,
    low,
    phrase,
)
from claims.extraction.text.tokens import Span, Token
from claims.extraction.text.view import View

_OFFICES = frozenset({"ministry", "command", "staff", "presidency"})  # institutions' last words


class NounReader:
    """Reads the noun phrases of one paragraph as agents, and notes whom it speaks of."""

    def __init__(self, view: View, resolver: AgentResolver, discourse: Discourse, own: str) -> None:
        self.view = view
        self.resolver = resolver
        self.discourse = discourse
        self.own = own.lower()

    def names_force(self, token: Token) -> bool:
        """Whether a token names an actor in the plural, as "Redmark fighters" does."""
        mention = self.view.mention(token)
        if mention is None or mention.kind not in ("actor", "demonym"):
            return False
        return mention.text.lower().endswith("s")

    def words(self, tokens: Sequence[Token]) -> list[Word]:
        return [(low(t), self.view.mention(t)) for t in tokens]

    def of_noun(self, head: Token, *, claimant: bool = False) -> Agent | None:
        """The agent that a noun (with what hangs on it) means; None for the publisher."""
        word = low(head)
        self.discourse.at = self.view.start(head)
        if head.tag_ in ("PRP", "PRP$") or word in ("who", "whose"):
            if claimant and word in ("i", "we") and self.view.quote[head.i] < 0:
                return self.discourse.document  # outside of quotations it is the publisher
            return self._quoted_other(head) or self.pronoun(word)
        if word in ("former", "latter"):
            return self.discourse.of_pair(word)
        words = phrase(head)
        if claimant and (self.is_own(words) or is_own_press(words)):
            return None
        mention = self.view.mention(head)
        self.discourse.at = self.view.start(head) + 1
        if mention is not None and mention.kind in ("person", "actor") and mention.agent:
            if claimant and not mention.agent.speaker:
                return replace(mention.agent, speaker=self._named_beside(head))
            return mention.agent
        if claimant and (publisher := press(head, words, self.view)) is not None:
            return publisher
        if mention is not None and mention.kind == "person" and not self._named_in(words):
            return self._in_office(mention.text, words) or self._unknown(mention.text, words)
        if claimant and (principal := self._spoken_for(head)) is not None:
            return principal
        agent = self.resolver.phrase(self.words(words), claimant=claimant)
        if claimant and agent is not None and not agent.speaker:
            agent = replace(agent, speaker=self._named_beside(head))
        if claimant and agent is not None:
            self._note_roles([low(t) for t in words], self.view.start(head), agent)
        if agent is None and claimant and word in ("one", "another", "both", "officials"):
            of_them = any(low(t) in ("them", "these", "those") for t in following(head, 2))
            acting = self.discourse.antecedent() if of_them else None
            return acting or self.discourse.speaker
        return agent

    def _in_office(self, name: str, words: Sequence[Token]) -> Agent | None:
        """ "Its spokeswoman X": somebody unknown, with an office of somebody known."""
        told = [t for t in words if self.view.mention(t) is None]
        if not any(low(t) in cues.words("actors", "roles", "words") for t in told):
            return None
        agent = self.resolver.phrase(self.words(told), claimant=True)
        return replace(agent, speaker=name) if agent is not None else None

    def speaker(self, head: Token) -> Agent | None:
        """Whose statement it is that a noun makes; None for the publisher. Somebody who is only
        described is a claimant as written, never the publisher."""
        agent = self.of_noun(head, claimant=True)
        if agent is not None or head.tag_ == "PRP":
            return agent
        words = phrase(head)
        if self.is_own(words) or is_own_press(words):
            return None
        if low(head) in cues.inflected("speech", "messages", "nouns") and head.tag_ == "NN":
            self.discourse.at = self.view.start(head)
            return self.discourse.actor() or self.discourse.speaker
        return described(head, self.view)

    def _spoken_for(self, head: Token) -> Agent | None:
        """ "a spokesman for President X": X's office, whatever the parse makes of it."""
        rest = list(following(head, 4))
        role = low(head) in cues.words("actors", "roles", "words")
        if not role or not rest or low(rest[0]) not in ("for", "of"):
            return None
        for token in rest[1:]:
            mention = self.view.mention(token)
            if mention is not None and mention.kind == "person" and mention.agent is not None:
                return replace(mention.agent, speaker="")
            if mention is not None or not is_noun(token):
                return None
        return None

    def _named_beside(self, head: Token) -> str:
        """The person's name that stands in apposition to a role ("its leader, X")."""
        for c in head.children:
            mention = self.view.mention(c)
            if mention is None or mention.kind != "person":
                continue
            around = head.doc[max(c.i - 1, 0)], head.doc[min(c.i + 1, len(head.doc) - 1)]
            enclosed = all(t.text == "," for t in around)
            if c.dep_ in ("appos", "flat") or (c.dep_ == "conj" and enclosed):
                return mention.agent.speaker if mention.agent else mention.text
        for c in head.head.children:  # a role and a name, parsed as two subjects
            mention = self.view.mention(c)
            twice = c.dep_ == head.dep_ and c.dep_ in SUBJECTS and c.i > head.i
            if twice and mention is not None and mention.kind == "person":
                return mention.agent.speaker if mention.agent else mention.text
        return ""

    def _named_in(self, words: Sequence[Token]) -> bool:
        return any((m := self.view.mention(t)) is not None and m.agent is not None for t in words)

    def _unknown(self, name: str, words: Sequence[Token]) -> Agent:
        """Somebody or something that no pack knows, on the side that its description tells."""
        for kind in ("movement",):
            if any(low(t) in cues.words("actors", "types", kind) for t in words):
                return Agent(name, side_hint=self.resolver.sides.of(self.resolver.of_type(kind)))
        return Agent(name)

    def is_own(self, words: Sequence[Token]) -> bool:
        text = " ".join(low(t) for t in words)
        mentioned = " ".join(
            m.text.lower() for t in words if (m := self.view.mention(t)) is not None
        )
        first = low(words[0]) if words else ""
        if first in ("our", "this") and any(low(t) in _OWN for t in words):
            return True
        return bool(self.own) and (self.own in text or self.own in mentioned)

    def reach(self, pronoun: Token) -> None:
        """Come to a pronoun in reading, where somebody is named before it in its sentence; a
        headline may name them behind it ("town in its hands, army says")."""
        sent = pronoun.sent
        before = sent.doc[sent.start : pronoun.i]
        if any((m := self.view.mention(t)) is not None and m.agent is not None for t in before):
            self.discourse.at = self.view.start(pronoun)

    def pronoun(self, word: str) -> Agent | None:
        """Who a pronoun means."""
        if word in cues.words("actors", "pronouns", "speaker"):
            return self.discourse.speaker if word not in ("we", "our", "ours", "us") else None
        if word in cues.words("actors", "pronouns", "singular"):
            return self.discourse.person() or self.discourse.speaker
        if word in cues.words("actors", "pronouns", "plural") or word in ("it", "its"):
            return self.discourse.antecedent()
        return self.discourse.speaker

    def _quoted_other(self, pronoun: Token) -> Agent | None:
        """Who "they" are in a quotation that has named nobody: not the speaker's own side."""
        number = self.view.quote[pronoun.i]
        if number < 0 or low(pronoun) not in cues.words("actors", "pronouns", "plural"):
            return None
        sides, recent = self.resolver.sides, self.discourse.recent_at()
        own = sides.of(self.discourse.speaker)
        begins = self.view.spans[self.view.quote.index(number)][0]
        quoted = self.view.doc[self.view.quote.index(number) : pronoun.i]
        ours = any(low(t) in ("our", "my") and t.head.dep_ in SUBJECTS for t in quoted)
        if own is None or ours or any(at >= begins for at, _ in recent):
            return None
        other = next((a for _, a in recent if sides.of(a) not in (None, own)), None)
        rivals = sides.opponents(own)
        return other or (sides.representative(rivals[0]) if len(rivals) == 1 else None)

    def see(self, sent: Span) -> None:
        """Note the actors that a sentence names."""
        for token in sent:
            mention = self.view.mention(token)
            owns = token.dep_ == "nmod:poss" and token.head.dep_ in SUBJECTS
            if mention is None and (token.dep_ in SUBJECTS or owns):
                self._see_noun(token)
            if mention is None or mention.agent is None:
                continue
            acts = token.dep_ in SUBJECTS or (
                token.dep_ in ("nmod:poss", "compound", "amod") and token.head.dep_ in SUBJECTS
            )
            opens = token.i - sent.start <= 1 and case_of(token) in ("in", "from")
            if mention.metonym and not (acts or opens):
                continue
            if mention.kind == "person":
                self.discourse.named.append((mention.start, mention.agent))
                self._note_roles(_roles_of(mention.agent), mention.start, mention.agent)
            if mention.kind == "person" and token.dep_ in SUBJECTS:
                self.discourse.persons.append((mention.start, mention.agent))
            self.discourse.see_agent(mention.agent, mention.start, prominent=acts)

    def _note_roles(self, words: Iterable[str], at: int, agent: Agent) -> None:
        """Note by which roles somebody was called."""
        roles = cues.words("actors", "roles", "words")
        self.discourse.roles += [(at, w.removesuffix("s"), agent) for w in words if w in roles]

    def _see_noun(self, token: Token) -> None:
        """Note actors that a sentence speaks of without naming them: "the rebels"."""
        word = low(token)
        role = word in cues.words("actors", "roles", "words") or word in _OFFICES
        kinds = ("movement", "state")
        if role or any(word in cues.words("actors", "types", kind) for kind in kinds):
            agent = self.of_noun(token, claimant=role)
            at = self.view.start(token)
            self.discourse.see_agent(agent, at, prominent=True)
            if role and agent is not None and word not in _OFFICES:
                self.discourse.persons.append((at, agent))


# With "our" or "this": who writes the article.
_OWN = cues.all_forms(("reporter", "correspondent", "journalist", "newspaper", "paper", "newsroom",
                       "desk", "magazine", "programme", "channel", "website"))  # fmt: skip


def _roles_of(agent: Agent) -> list[str]:
    """The words of the office that a pack gives a person."""
    if agent.actor is None:
        return []
    offices = (s.role for s in agent.actor.speakers if agent.speaker in s.names)
    return [word for role in offices for word in role.lower().split()]
