"""Verbs that report in certain constructions alone: what tells that they do."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from claims.extraction import cues
from claims.extraction.text.grammar import FINITE, TIMES, child, following, is_noun, is_passive, low
from claims.extraction.text.tokens import Token
from claims.extraction.text.view import View

_HEARERS = frozenset({"me", "us", "him", "her", "them", "reporters", "journalists", "parliament"})
_ADDRESSING = cues.all_forms(("brief", "notify", "promise", "caution"))  # "briefed X that"
_THINKING = cues.all_forms(("swear", "reckon", "think"))  # also without "that"
_MEANS = frozenset({"phone", "telephone", "text", "email", "e-mail", "video", "message", "radio",
                    "satellite"})  # fmt: skip
_CLOSING = ('"', "”", "''", "»")
_BARE = 5  # words of a bare speaker
_SPEECH_PRONOUNS = frozenset({"he", "she", "it", "they"})


def is_bound(word: str) -> bool:
    """Whether a verb's form reports in one construction alone."""
    return any(word in cues.inflected("speech", "says", kind) for kind in _KINDS)


_KINDS = ("goes_on", "lists", "speaks_of", "hails")


def speaks_of(token: Token) -> bool:
    """Whether a verb tells what "of" behind it names: "residents speak of clashes"."""
    return low(token) in cues.inflected("speech", "says", "speaks_of")


def has_clause(token: Token) -> bool:
    """Whether a verb of much else reports here: with a clause ("holds that"), or as the verb of a
    text ("…, the statement read")."""
    if low(token) in cues.inflected("speech", "says", "reads"):
        head = token.doc[token.i - 1] if token.i > token.sent.start else None
        return head is not None and low(head) in cues.inflected("speech", "messages", "nouns")
    after = list(following(token, 4))
    verb = next((n for n, t in enumerate(after) if t.tag_ in FINITE or t.is_punct), len(after))
    told = next((n for n, t in enumerate(after[:verb]) if low(t) == "that"), None)
    if told is not None and (
        low(token) in _ADDRESSING or all(t.tag_ == "RB" for t in after[:told])
    ):
        return True
    clause = child(token, "ccomp")
    if clause is None or low(token) not in _THINKING:
        return False
    return clause.i > token.i and clause.tag_ in FINITE and verb > 0


def has_that(token: Token) -> bool:
    """Whether a clause follows a verb, with words of time or an addressee between: "concluded the
    same day that", "described to me how"."""
    for t in following(token, 8):
        if low(t) in ("that", "how"):
            before = t.doc[t.i - 1]
            return before == token or not is_noun(before) or low(before) in TIMES | _HEARERS
        if t.tag_ in FINITE or t.is_punct:
            return False
    return False


def reports(token: Token, view: View, *, announces: bool) -> bool:
    """Whether a bound verb stands in its construction; `announces`: its object is an event."""
    word = low(token)
    rest = [low(t) for t in following(token, 12)]
    if word in cues.inflected("speech", "says", "hails"):
        return announces
    if word in cues.inflected("speech", "says", "speaks_of"):
        return "of" in list(itertools.takewhile(str.isalnum, rest))
    if word in cues.inflected("speech", "says", "lists"):
        return any(w in ("among", "as") for w in rest) and token.tag_ in (*FINITE, "VBG", "VBN")
    particle = {"g": "on", "w": "on", "p": "it"}.get(word[0])
    if particle is not None and rest[:1] != [particle]:
        return False
    after = rest[1:] if particle is not None else rest
    if after and after[0].isalnum() and after[0] not in ("in", "on", "to", "during", "at"):
        return False
    return _after_speech(token, view)


def _after_speech(token: Token, view: View) -> bool:
    """Whether somebody is named right before a verb, behind a comma or a quotation."""
    if token.i - token.sent.start < 2 or view.quote[token.i] >= 0:
        return False
    head = token.doc[token.i - 1]
    mention = view.mention(head)
    speaks = low(head) in _SPEECH_PRONOUNS or (mention is not None and mention.agent is not None)
    if not speaks and not (is_noun(head) and low(head) in cues.words("actors", "roles", "words")):
        return False
    before = token.doc[max(head.left_edge.i, token.sent.start) - 1]
    return head.left_edge.i > token.sent.start and (
        before.text in (",", "?", "!", "–", "—") or view.quote[before.i] >= 0 or low(before) == "as"
    )


def by_means(by: Token) -> bool:
    """Whether "by" tells how somebody spoke, not who: "said by phone"."""
    nxt = next(following(by, 1), None)
    return nxt is not None and low(nxt) in _MEANS


def hears(noun: Token | None) -> bool:
    """Whether a word begins what names the press as listeners: "told state television"."""
    if noun is None:
        return False
    press = cues.words("actors", "media", "words")
    return any(low(t) in press for t in (noun, *following(noun, 2)))


def ends_clause(token: Token, speaks: Callable[[Token], bool]) -> bool:
    """Whether what looks like a participle is the verb of a speaker behind a comma: "…, the prime
    minister tweeted on Friday"."""
    noun = token.doc[token.i - 1] if token.i > token.sent.start else None
    if noun is None or not is_noun(noun) or not speaks(noun):
        return False
    i = noun.i
    while i > token.sent.start and not token.doc[i - 1].is_punct and noun.i - i < 6:
        i -= 1
    return i > token.sent.start and token.doc[i - 1].text in (",", "–", "—", *_CLOSING)


def opens_headline(token: Token, speaks: Callable[[Token], bool]) -> bool:
    """Whether "claims" or "denies" is a headline's verb that the tagger has not seen: behind a
    bare speaker that begins the sentence ("Army officer denies fall of X")."""
    if not low(token).endswith("s") or not token.tag_.startswith("NN"):
        return False
    nxt = next(following(token, 1), None)
    if nxt is None or nxt.is_punct or nxt.tag_ in FINITE:
        return False
    return low(nxt) not in ("of", "by", "about", "on", "from") and is_headline(token, speaks)


def is_headline(token: Token, speaks: Callable[[Token], bool]) -> bool:
    """Whether all that stands before a verb in its sentence is a bare speaker."""
    before = token.doc[token.sent.start : token.i]
    bare = 0 < len(before) <= _BARE and low(before[0]) not in ("the", "a", "an")
    return bare and all(map(speaks, before))


def tagged_as_noun(token: Token, view: View) -> bool:
    """Whether "reports" or "claims" is a verb that the tagger has not seen: behind a comma and a
    bare speaker, at the end of what is said ("…, army intelligence claims")."""
    if token.tag_ != "NNS" or token.i - token.sent.start < 2:
        return False
    nxt = next(following(token, 1), None)
    link = "of" if low(token) in cues.inflected("speech", "says", "speaks_of") else "that"
    if nxt is not None and low(nxt) == link and token.dep_ == "ROOT":
        return not any(t.tag_ in FINITE for t in token.doc[token.sent.start : token.i])
    if nxt is not None and not nxt.is_punct:
        return False
    first = speaker_start(token)
    if first == token.sent.start or token.i - first > 6 or first == token.i:
        return False
    comma = token.doc[first - 1]
    return comma.text in (",", "–", "—") or view.quote[comma.i] >= 0


def speaker_start(token: Token) -> int:
    """Where the bare speaker before a verb begins: behind the last comma or finite verb."""
    for i in range(token.i - 1, token.sent.start - 1, -1):
        if token.doc[i].is_punct or token.doc[i].tag_ in FINITE:
            return i + 1
    return int(token.sent.start)


def checks(token: Token) -> bool:
    """Whether "check" or "establish" has a report or a question for an object."""
    asked = cues.inflected("speech", "anaphora", "nouns") | {"whether", "that", "if", "who"}
    doc, sent = token.doc, token.sent
    window = [
        *doc[token.i + 1 : min(sent.end, token.i + 7)],
        *doc[max(sent.start, token.i - 8) : token.i],
    ]
    return any(low(t) in asked for t in window)


_QUOTING = cues.all_forms(("quote", "cite"))


def quoted_as(saying: Token) -> Token | None:
    """Who says it in "the agency quoted X as saying that …"."""
    before = saying.doc[saying.i - 1] if saying.i > saying.sent.start else None
    if before is None or low(before) != "as":
        return None
    for i in range(before.i - 1, max(saying.sent.start, before.i - 12) - 1, -1):
        token = saying.doc[i]
        if low(token) in _QUOTING:
            return (
                None
                if is_passive(token)
                else _whole(next((t for t in following(token, 8) if is_noun(t)), None))
            )
    return None


def _whole(noun: Token | None) -> Token | None:
    """The last noun of a run of nouns, which is their head: "the defence ministry"."""
    while noun is not None:
        nxt = next(following(noun, 1), None)
        if nxt is None or not nxt.tag_.startswith("NN"):
            return noun
        noun = nxt
    return None


def to_be_believed(verb: Token) -> bool:
    """ "If X is to be believed"."""
    before = [low(t) for t in verb.doc[max(verb.sent.start, verb.i - 2) : verb.i]]
    return low(verb) in ("believed", "trusted") and before == ["to", "be"]


def relative_start(verb: Token) -> int:
    """Where "the capture of which X announced" begins, which is all that such a verb tells; -1
    for other verbs."""
    if verb.dep_ != "acl:relcl":
        return -1
    doc, sent = verb.doc, verb.sent
    which = next((i for i in range(verb.i, sent.start, -1) if low(doc[i]) == "which"), None)
    if which is None or low(doc[which - 1]) != "of":
        return -1
    return next((i + 1 for i in range(which, sent.start, -1) if doc[i].text == ","), -1)
