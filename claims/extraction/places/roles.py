"""What a town's name is there for: to be spoken of, or only to tell where something else lies;
and what the words beside it call the town."""

from __future__ import annotations

from claims.extraction import cues
from claims.extraction.text.grammar import TIMES, case_of, following, is_verb, low
from claims.extraction.text.tokens import Token
from claims.extraction.text.view import View

_PARTICLES = frozenset({"of", "from", "to", "for"})
_SKIPPED = frozenset({"the", "a", "an", "both", "nearby", "neighbouring", "neighboring"})
_SERIES = frozenset({",", "and", "or", "/", "&"})
_ASIDE = ("near", "from", "towards", "toward", "outside", "beyond", "between", "behind", "past",
          "opposite", "above", "below", "off", "along", "via", "next")  # fmt: skip


def is_landmark(token: Token, view: View) -> bool:
    """Whether a town is named only as a landmark, a seat or somebody's address."""
    mention = view.mention(token)
    if mention is not None and mention.metonym and _is_seat(token):
        return True
    words = words_before(token)
    aside = bool(words) and low(words[0]) in _ASIDE
    return lies_elsewhere(token) or (aside and not _is_fought_for(token))


def lies_elsewhere(token: Token) -> bool:
    """Whether the words before a town tell where another lies: "20 km from the town"."""
    words = words_before(token)
    if len(words) < 2 or low(words[0]) not in _PARTICLES or _is_part(words[1]):
        return False
    return low(words[1]) in cues.words("places", "beside", "relations")


def _is_part(direction: Token) -> bool:
    """Whether a direction is inside a town: "in the east of the town", not "to the east of"."""
    before = [
        low(t) for t in direction.doc[max(direction.sent.start, direction.i - 3) : direction.i]
    ]
    return before[-1:] == ["the"] and before[-2:-1] in (["in"], ["of"], ["from"])


def nouns_of(token: Token) -> frozenset[str]:
    """The nouns that the words beside a town's name call it: "X, a market town", "the village
    of X", "X city"."""
    nouns = cues.words("places", "nouns", "town")
    sent = token.sent
    left = [low(t) for t in token.doc[max(sent.start, token.i - 2) : token.i]]
    found = {left[-1]} if left else set()
    if len(left) == 2 and left[1] == "of":
        found.add(left[0])
    right = list(following(token, 7))
    if right and right[0].text != ",":
        found.add(low(right[0]))
    elif len(right) > 1 and low(right[1]) in ("a", "an", "the"):
        found |= {low(noun) for noun in _apposed(right[2:])}
    return frozenset(found & nouns)


def _apposed(words: list[Token]) -> list[Token]:
    """The noun of an apposition: the first that no other noun follows."""
    for word, after in zip(words, [*words[1:], None], strict=True):
        if not word.tag_.startswith(("NN", "JJ", "VBN", "CD", "HYPH")):
            return []
        if word.tag_.startswith("NN") and (after is None or not after.tag_.startswith("NN")):
            return [word]
    return []


def _is_seat(token: Token) -> bool:
    """Whether a capital stands for its government, or for where somebody sits."""
    if token.dep_ in ("nsubj", "nmod:poss", "compound", "nsubj:pass"):
        return True
    return case_of(token) in ("in", "from", "to", "at") and not _is_fought_for(token)


def words_before(token: Token) -> list[Token]:
    """The two words before a town's phrase, the nearest first; before a series of towns, those
    before the first."""
    doc, first = token.doc, token.sent.start
    nouns = cues.words("places", "nouns", "town") | cues.words("places", "nouns", "plural")
    i = token.i - 1
    while i >= first:
        word = doc[i]
        introduces = low(word) == "of" and i > first and low(doc[i - 1]) in nouns
        if introduces or low(word) in _SKIPPED | nouns or word.tag_ in ("JJ", "CD"):
            i -= 1
        elif low(word) in _SERIES and i > first and _is_name(doc[i - 1]):
            i -= 2
        else:
            break
    return [doc[n] for n in (i, i - 1) if n >= first]


def _is_name(word: Token) -> bool:
    return word.tag_ == "NNP" and low(word) not in TIMES


def _is_fought_for(token: Token) -> bool:
    """Whether the phrase with a town hangs on a word of attack, advance or retreat."""
    head = token.head
    return low(head) in cues.frames() and (is_verb(head) or head.tag_.startswith("NN"))
