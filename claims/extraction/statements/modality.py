"""Whether a statement is made of what is so: negation, and what takes it out of the world."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, takewhile

from claims.extraction import cues
from claims.extraction.text.grammar import (
    BE,
    FINITE,
    HAVE,
    SUBJECTS,
    ancestors,
    child,
    following,
    is_noun,
    is_passive,
    is_verb,
    left_aux,
    low,
)
from claims.extraction.text.tokens import Token


@dataclass(frozen=True, slots=True)
class Modality:
    """`negated`: the statement says that it is not so. `open`: the word that leaves it open
    (a condition, aim, wish, question …), or ""."""

    negated: bool = False
    open: str = ""


def judge(trigger: Token, *, noun: bool) -> Modality:
    """The modality of the statement that a word carries."""
    if _told_aside(trigger):
        return Modality(negated=_negated(trigger))
    open_ = _question(trigger) or _condition(trigger) or _inverted(trigger)
    if (cue := open_ or _made_an_aim(trigger)) or (
        cue := _modal(trigger) if not noun else _noun_open(trigger)
    ):
        return Modality(open=cue)
    if (
        trigger.tag_ == "VBG"
        and trigger.dep_ in ("csubj", "nsubj", "obl", "nmod", "acl", "obj")
        and (cue := _noun_open(trigger))
    ):
        return Modality(open=cue)
    if not noun and (cue := _infinitive(trigger)):
        return Modality(open=cue)
    if cue := _governor(trigger, noun=noun):
        return Modality(open=cue)
    return Modality(negated=_negated(trigger))


def _told_aside(trigger: Token) -> bool:
    """Whether a word only describes what an aim or a possibility is about, and so is told as a
    fact: "may retake X, a stronghold of theirs", "hopes to free X, which they hold"."""
    if trigger.dep_ == "appos":
        return trigger.tag_.startswith("NN") and _behind_comma(trigger.left_edge)
    if trigger.dep_ != "acl:relcl" or trigger.tag_ == "VB" or _modal(trigger):
        return False
    pronoun = next((c for c in trigger.children if low(c) in ("which", "where", "who")), None)
    return pronoun is not None and _behind_comma(pronoun)


def _behind_comma(token: Token) -> bool:
    return token.i > token.sent.start and token.doc[token.i - 1].text == ","


def _question(token: Token) -> str:
    """A question, also one inside a sentence: "it is unclear who holds X"."""
    who = child(token, "nsubj")
    behind = who.doc[who.i - 1] if who is not None and who.i > who.sent.start else None
    asks = who is not None and who.tag_ == "WP" and token.dep_ != "acl:relcl"
    if who is not None and asks and (behind is None or not (is_noun(behind) or behind.is_punct)):
        return low(who)
    before = token.doc[token.sent.start : token.i]
    for first, second in pairwise(before):
        if low(second) in ("who", "which", "whether") and low(first) in _CLEAR:
            return low(second)  # "it is not clear who is in control of X"
    return "?" if token.sent[-1].text.startswith("?") else ""


_CLEAR = frozenset({"clear", "unclear", "known", "unknown", "certain", "uncertain", "obvious"})


def _condition(trigger: Token) -> str:
    conditions = cues.words("modality", "conditions", "words")
    chain = [trigger, *ancestors(trigger)]
    for head in chain:
        for c in head.children:
            if c.dep_ in ("mark", "advmod") and low(c) in conditions and c.i < trigger.i:
                return low(c)
        if head.i < trigger.i and low(head) in _speech() and is_verb(head):
            break
    return _condition_by_order(trigger)


def _condition_by_order(trigger: Token) -> str:
    """ "if", or an inverted "should", "were", "had", before the word in its own clause."""
    conditions = cues.words("modality", "conditions", "words")
    doc, start = trigger.doc, trigger.sent.start
    for i in range(trigger.i - 1, start - 1, -1):
        word = low(doc[i])
        if word in conditions and not (word in ("until", "till") and i == trigger.i - 1):
            return word
        if word in (",", ";", ":", "—", "–") and trigger.i - i > 1:
            return ""
        inverted = word in ("should", "were", "had") and _clause_start(doc[i])
        if i in (start, start + 1) and inverted and low(doc[i + 1]) not in ("to", "it"):
            return word
    return ""


def _inverted(trigger: Token) -> str:
    """ "Had X, a town nearby, been retaken, …would": a condition, its subject described."""
    sent = trigger.sent
    first = trigger.doc[sent.start]
    if low(first) not in ("had", "were", "should") or trigger.i - first.i > 16:
        return ""
    between = trigger.doc[first.i + 1 : trigger.i]
    after = (t for t in sent if t.i > trigger.i)
    finite = any(t.tag_ in FINITE for t in between)
    return low(first) if not finite and any(t.tag_ == "MD" for t in after) else ""


def _clause_start(token: Token) -> bool:
    before = token.doc[token.i - 1] if token.i > token.sent.start else None
    return before is None or not is_noun(before)


def _modal(trigger: Token) -> str:
    modals = cues.words("modality", "modals", "words")
    for token in left_aux(trigger):
        if low(token) in modals and (token.tag_ == "MD" or low(token) != "'d"):
            return low(token)
    if (
        trigger.dep_ == "conj"
        and trigger.i > trigger.head.i
        and (trigger.tag_ == "VB" or (trigger.tag_ == trigger.head.tag_ == "VBN"))
    ):
        return _modal(trigger.head)
    before = trigger.doc[trigger.i - 1] if trigger.i > trigger.sent.start else None
    if trigger.tag_ == "VB" and before is not None and before.tag_ == "MD":
        return low(before)
    return ""


def _infinitive(trigger: Token) -> str:
    """ "to take X" is an aim, unless something factive or a report governs it."""
    aux = left_aux(trigger)
    to = next((t for t in aux if t.tag_ == "TO" or low(t) == "to"), None)
    if to is None:
        return ""
    if any(low(t) in HAVE for t in aux if t.i > to.i):
        return ""  # "claimed to have taken"
    if to.i > to.sent.start and low(to.doc[to.i - 1]) in ("had", "has", "have", "'ve"):
        wanted = any(t.tag_ == "MD" for t in left_aux(to))
        return "have to" if wanted else ""  # "we had to leave"
    if low(to.doc[to.i - 1]) in ("yet", "still") and to.i > to.sent.start:
        return "yet to"
    factive = cues.inflected("modality", "factive", "words")
    if trigger.dep_ == "xcomp" and low(trigger.head) in factive and trigger.head.i < to.i:
        return _modal(trigger.head)  # "forced the garrison to leave"
    governor = _before(to)
    if governor is not None and low(governor) in cues.inflected("modality", "factive", "words"):
        return ""
    if governor is not None and is_noun(governor) and _is_ranked(governor):
        return ""  # "the latest town to fall"
    if governor is not None and low(governor) in _speech():
        told = low(governor) in ("told", "tell", "tells") and is_passive(governor)
        return "told" if told else ""
    if (
        any(low(t) in BE for t in aux if t.i > to.i)
        and governor is not None
        and (low(governor) in ("said", "reported", "claimed", "believed", "understood", "thought"))
    ):
        return ""
    return "to"


def _is_ranked(noun: Token) -> bool:
    """ "The first town (to …)", of one that is or was so."""
    ranks = cues.words("modality", "ranks", "words")
    first = max(noun.sent.start, noun.i - 4)
    ranked = any(low(t) in ranks for t in noun.doc[first : noun.i + 1])
    coming = any(t.tag_ == "MD" for t in noun.doc[max(noun.sent.start, noun.i - 7) : noun.i])
    return ranked and not coming


def _before(token: Token) -> Token | None:
    for i in range(token.i - 1, max(token.sent.start, token.i - 5) - 1, -1):
        word = token.doc[i]
        if is_verb(word) or word.tag_.startswith(("JJ", "NN")):
            return word
    return None


def _governor(trigger: Token, *, noun: bool) -> str:
    """An aim, order, fear or attempt that governs the word."""
    if trigger.dep_ == "acl" and trigger.tag_ == "VBN":
        return _open_before(trigger)  # "wants back X, lost in May"
    irrealis = cues.inflected("modality", "irrealis", "words")
    wishes = cues.inflected("modality", "wishes", "words")
    for steps, (token, head) in enumerate(
        zip([trigger, *ancestors(trigger)], ancestors(trigger), strict=False)
    ):
        if steps > 2:
            break
        if low(head) in _speech() and is_verb(head) and low(head) not in irrealis:
            break
        governed = token.dep_ in ("xcomp", "ccomp", "obj", "obl", "acl", "nmod", "advcl", "nsubj")
        if (
            governed
            and low(head) in irrealis
            and head.i < trigger.i
            and (token.tag_ not in ("VBD", "VBZ", "VBP") or low(head) in wishes)
            and not _governs_fact(token, head)
        ):
            return low(head)
        if noun and is_verb(head) and (cue := _modal(head)):
            return cue
        if is_verb(head) and token.dep_ not in ("xcomp", "obj", "obl", "nmod", "nsubj"):
            break
    return _open_before(trigger)


def _governs_fact(token: Token, head: Token) -> bool:
    """ "the push into X", "an operation in X" are events, not aims."""
    return low(head) in cues.inflected("modality", "eventful", "words")


def _open_before(trigger: Token) -> str:
    """Gerunds and participles after a word of aim: "wanting to", "attempts at taking"."""
    if trigger.tag_ == "VBG" and trigger.i == trigger.sent.start:
        finite = next((t for t in trigger.sent if t.tag_ in FINITE), None)
        return low(finite) if finite is not None and finite.tag_ == "MD" else ""
    if trigger.tag_ != "VBG" or trigger.i <= trigger.sent.start + 1:
        return ""
    before = trigger.doc[trigger.i - 1]
    if before.tag_ in ("IN", "TO") or low(before) == "of":
        if low(before) in ("before", "after"):
            return next((low(t) for t in trigger.sent if t.tag_ == "MD" and t.i < trigger.i), "")
        governor = _before(before)
        word = low(governor) if governor is not None else ""
        if word in cues.inflected("modality", "irrealis", "words") or low(before) == "without":
            return word or low(before)
        if before.tag_ == "IN" and low(before) in ("from", "than"):
            return low(before)
    return ""


def _noun_open(trigger: Token) -> str:
    """What leaves the event of a noun open: "an imminent fall", "X's fall would mean"."""
    adjectives = cues.words("modality", "open_nouns", "words")
    for c in trigger.doc[max(trigger.sent.start, trigger.i - 3) : trigger.i]:
        if low(c) in adjectives:
            return low(c)
    for head in ancestors(trigger):
        if is_verb(head) and low(head) in cues.inflected("speech", "unconfirmed", "verbs"):
            break  # "cannot confirm its capture"
        for c in head.children:
            if c.tag_ == "MD" and low(c) in cues.words("modality", "modals", "words"):
                return low(c)
        if is_verb(head):
            break
    for token in trigger.doc[trigger.i + 1 : min(trigger.sent.end, trigger.i + 6)]:
        if token.tag_ == "MD":
            return low(token)
    cue = _called_for(trigger) or _looming(trigger) or _coming(trigger) or _past(trigger)
    if cue or (cue := _lifted(trigger)):
        return cue
    return _aim_beside(trigger)


def _coming(noun: Token) -> str:
    """ "In case of an attack on X", "the troops for an assault", "ahead of the offensive"."""
    if low(noun) not in cues.inflected("modality", "coming", "nouns"):
        return ""
    prepositions = cues.words("modality", "coming", "prepositions")
    for token in _leading(noun):
        if low(token) in prepositions:
            return low(token)
        if low(token) != "of" and token.tag_ in ("IN", "TO"):
            return ""
    return ""


def _past(noun: Token) -> str:
    """ "The anniversary of the battle", "a year after the siege", "killed in an attack"."""
    word = low(noun)
    before = _leading(noun)
    if word in cues.words("modality", "past", "attacks") and len(before) > 1:
        harm = cues.words("modality", "past", "harm")
        if low(before[0]) in ("in", "during", "by") and low(before[1]) in harm:
            return low(before[1])
    if word not in cues.words("modality", "past", "nouns"):
        return ""
    told = cues.inflected("modality", "past", "told")
    spans = cues.words("modality", "past", "spans")
    for token, earlier in pairwise(before):
        if low(token) in told or (low(token) in ("after", "since") and low(earlier) in spans):
            return low(token)
    return low(before[-1]) if before and low(before[-1]) in told else ""


def _lifted(noun: Token) -> str:
    """ "Broke the siege of X", "the blockade was lifted": what is no more."""
    sieges = cues.words("modality", "lifted", "nouns")
    over = noun.dep_ in ("obj", "nsubj:pass") and low(noun) in sieges
    lifts = over and low(noun.head) in cues.inflected("modality", "lifted", "verbs")
    return low(noun.head) if lifts else ""


def _leading(noun: Token) -> list[Token]:
    """The words before a noun, the nearest first, without those that only describe it."""
    before = reversed(noun.doc[max(noun.sent.start, noun.i - 7) : noun.i])
    described = ("DT", "JJ", "JJR", "JJS", "PRP$", "POS", "RB", "VBG", "CD")
    words = list(before)
    while words and (words[0].tag_ in described or words[0].dep_ in ("compound", "amod")):
        words.pop(0)
    return words


def _called_for(noun: Token) -> str:
    """ "Called for a withdrawal", "ruled out a retreat"."""
    before = [low(t) for t in noun.doc[max(noun.sent.start, noun.i - 6) : noun.i]]
    calls = cues.inflected("modality", "calls", "words")
    for verb, particle in pairwise(before):
        if (particle == "for" and verb in calls) or (particle == "out" and verb.startswith("rul")):
            return f"{verb} {particle}"
    return ""


def _looming(noun: Token) -> str:
    """ "The fall of X seems inevitable", "is a matter of time"."""
    if noun.dep_ not in SUBJECTS:
        return ""
    looming = cues.words("modality", "looming", "words")
    joined = False
    for token in following(noun, 10):
        joined = joined or low(token) in BE or low(token) in _SEEMS
        after = next(following(token, 1), None)
        near = low(token) in ("near", "close") and after is not None and not after.is_punct
        if joined and low(token) in looming and not near:
            return low(token)
        if token.text in (",", ";"):
            return ""
    return ""


_MAKES = cues.all_forms(("make", "declare", "consider", "call", "name", "set"))
_SEEMS = frozenset({"seems", "seemed", "looks", "looked", "appears", "appeared"})


def _made_an_aim(trigger: Token) -> str:
    """ "Has made taking X its aim", "declared the liberation of X its main task"."""
    before = trigger.doc[max(trigger.sent.start, trigger.i - 3) : trigger.i]
    if not any(low(t) in _MAKES for t in before):
        return ""
    aims = cues.inflected("modality", "aims", "words")
    after = takewhile(lambda t: t.tag_ not in FINITE and t.text != ",", following(trigger, 14))
    owned = False
    for token in after:
        owned = owned or token.tag_ == "PRP$"
        if owned and low(token) in aims:
            return low(token)
    return ""


def _aim_beside(trigger: Token) -> str:
    """ "The aim is the capture of X", "the capture of X remains its goal", "hopes the retreat
    never comes": an aim on the other side of a verb that only joins the two."""
    aims = cues.inflected("modality", "aims", "words")
    joined = [trigger, *trigger.children]
    if trigger.dep_ in SUBJECTS or trigger.dep_ == "obj":
        joined += [trigger.head, *trigger.head.children]
    joining = any(low(t) in BE or low(t) in ("remain", "remains", "remained") for t in joined)
    aim = next((low(t) for t in joined if t != trigger and low(t) in aims), "") if joining else ""
    wishing = cues.inflected("modality", "irrealis", "words")
    planned = trigger.dep_ in ("obj", "nsubj:pass") and low(trigger.head) in wishing
    return aim or (low(trigger.head) if planned and is_verb(trigger.head) and
                   not _governs_fact(trigger, trigger.head) else "")  # fmt: skip


def _negated(trigger: Token) -> bool:
    negation = cues.words("modality", "negation", "words")
    if any(low(t) in negation for t in left_aux(trigger)):
        return True
    if any(low(c) in negation for c in trigger.children if c.i < trigger.i + 3):
        return True
    doc = trigger.doc
    first = doc[trigger.sent.start]
    if low(first) in ("nor", "neither") and trigger.i - first.i < 8:
        return True
    return any(
        low(c) in ("no", "neither", "none")
        for subject in trigger.children
        if subject.dep_ in ("nsubj", "nsubj:pass", "obj")
        for c in subject.children
    )


def _speech() -> frozenset[str]:
    """Verbs that say, deny or cannot confirm what depends on them, and make no aim of it."""
    kinds = ("says", "denies", "unconfirmed")
    said = frozenset[str]().union(*(cues.inflected("speech", kind, "verbs") for kind in kinds))
    return said - cues.inflected("speech", "unconfirmed", "weak")
