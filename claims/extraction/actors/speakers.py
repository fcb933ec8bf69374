"""Speakers that no name and no office tells: the press, and whoever a text describes in its own
words."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extraction import cues
from claims.extraction.actors.mentions import Agent
from claims.extraction.text.grammar import following, is_noun, low
from claims.extraction.text.tokens import Token
from claims.extraction.text.view import View

_OWN = frozenset({"this", "our"})
_BESIDE = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "VBN", "VBG", "POS", "HYPH", "CD"})


def is_own_press(words: Sequence[Token]) -> bool:
    """ "This newspaper", "our correspondent": the publisher itself."""
    told = [low(t) for t in words]
    press = cues.words("actors", "media", "words")
    return any(word in _OWN for word in told) and any(word in press for word in told)


def press(head: Token, words: Sequence[Token], view: View) -> Agent | None:
    """The publisher that a noun phrase means: "the X news agency", "state television"."""
    if low(head) not in cues.words("actors", "media", "words") or head.tag_ == "JJ":
        return None
    around = [t for t in words if abs(t.i - head.i) <= 4]
    named = next((m for t in reversed(around) if (m := view.mention(t)) and _is_bare(m)), None)
    known = next(
        (m.agent for t in around if (m := view.mention(t)) and m.agent and m.agent.actor
         and m.agent.actor.kind == "publisher"),
        None,
    )  # fmt: skip
    if known is not None:
        return known
    beside = {low(t) for t in around if t != head}
    if low(head) in cues.words("actors", "media", "weak") and not (
        beside & cues.words("actors", "media", "beside")
    ):
        return None
    name = named.text if named is not None else written(head, view)
    return Agent(name, kind_hint="publisher")


def is_nobody(head: Token) -> bool:
    """Whether a noun that speaks is the many or the rumours, who are nobody."""
    return low(head) in cues.words("actors", "nobody", "crowd")


def described(head: Token, view: View) -> Agent | None:
    """Whoever a text calls by common words alone ("aid workers"), as written; None for those
    who are nobody ("many", "reports")."""
    nobody = cues.words("actors", "nobody", "words")
    messages = cues.inflected("speech", "messages", "nouns") | cues.inflected(
        "speech", "says", "nouns"
    )
    mention = view.mention(head)
    if mention is not None and mention.kind in ("place", "demonym"):
        return None
    if low(head) in ("those", "people", "one", "someone") and _is_human(head):
        return Agent(cues.table("actors")["people"]["name"], kind_hint="people")
    if not is_noun(head) or head.tag_ == "PRP" or low(head) in nobody | messages:
        return None
    named = mention is not None or head.tag_.startswith("NNP")
    return Agent(written(head, view), kind_hint="organisation" if named else "people")


def _is_human(head: Token) -> bool:
    """Whether a pronoun is told to mean people: "those who came say"."""
    return any(low(t) in ("who", "living", "fleeing", "interviewed") for t in following(head, 3))


def written(head: Token, view: View) -> str:
    """A noun with what stands before it, as the text has it, without articles."""
    first = head.i
    while first > head.sent.start and head.doc[first - 1].tag_ in _BESIDE:
        first -= 1
    words = head.doc[first : head.i + 1]
    while len(words) > 1 and words[0].tag_ in ("POS", "CD"):
        words = words[1:]
    shown = [m.text if (m := view.mention(t)) is not None else t.text for t in words]
    if words[0].is_sent_start and view.mention(words[0]) is None and words[0].text.istitle():
        shown[0] = shown[0].lower()
    return " ".join(shown).replace(" 's", "'s").replace(" ’s", "’s")


def _is_bare(mention: object) -> bool:
    """Whether a mention is a name that nobody knows."""
    return getattr(mention, "kind", "") == "person" and getattr(mention, "agent", None) is None
