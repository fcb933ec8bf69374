"""Small questions about the parse, answered by dependencies first, by word order where the
parse gives none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.extraction.text.tokens import Span, Token
from claims.extraction.text.words import forms

CLAUSAL = frozenset(
    {"acl", "acl:relcl", "advcl", "advcl:relcl", "ccomp", "parataxis", "csubj", "csubj:pass",
     "nsubj", "nsubj:pass", "discourse", "orphan", "dislocated"}
)  # fmt: skip
SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj"})
BE = frozenset({"be", "is", "are", "was", "were", "been", "being", "'s", "’s", "'re", "’re", "got",
                "gets", "'m"})  # fmt: skip
HAVE = frozenset({"have", "has", "had", "having", "'ve", "’ve", "'d", "’d"})
NOMINAL = frozenset({"DT", "JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "CD", "POS", "PRP$",
                     "PDT", "VBN", "VBG", "HYPH", "AFX", "RB", "RBS", "FW", "ADD"})  # fmt: skip
TIMES = frozenset(
    {"yesterday", "today", "tonight", "overnight", "night", "morning", "evening", "afternoon",
     "day", "days", "week", "weeks", "weekend", "month", "months", "year", "years", "hour", "hours",
     "time", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
     "january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december", "dawn", "daybreak", "sunrise", "noon", "midday", "dusk",
     "nightfall", "sunset", "midnight", "spring", "summer", "autumn", "winter"}
)  # fmt: skip
RELATIVE = frozenset({"who", "which", "that", "whom", "where"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})

# Verbs whose object is who does what their infinitive says.
_OBJECT_CONTROL = frozenset(
    form
    for verb in ("order", "force", "compel", "oblige", "command", "instruct", "allow", "enable",
                 "tell", "ask", "urge", "lead", "cause")
    for form in forms(verb)
)  # fmt: skip


def low(token: Token) -> str:
    """The token in lower case."""
    return token.lower_


def is_verb(token: Token) -> bool:
    return token.tag_.startswith("VB")


def is_noun(token: Token) -> bool:
    return token.tag_.startswith("NN") or token.tag_ == "PRP"


def child(token: Token, *deps: str) -> Token | None:
    """The first child with one of the relations."""
    return next((c for c in token.children if c.dep_ in deps), None)


def case_of(token: Token) -> str:
    """The preposition of a noun: its case child, else the word before its phrase."""
    for c in token.lefts:
        if c.dep_ == "case" and c.tag_ in ("IN", "TO", "RB", "RP"):
            return low(c)
    left = token.left_edge
    if left.i > left.sent.start and (before := left.doc[left.i - 1]).tag_ in ("IN", "TO"):
        return low(before)
    return low(left) if left.tag_ in ("IN", "TO") and left.i != token.i else ""


def phrase(head: Token) -> list[Token]:
    """The tokens of a noun phrase, without the clauses and conjuncts that hang on it."""
    found: list[Token] = []
    stack = [head]
    while stack:
        token = stack.pop()
        found.append(token)
        for c in token.children:
            if c.dep_ in CLAUSAL or c.dep_ in ("punct", "cc", "conj"):
                continue
            stack.append(c)
    return sorted(found, key=lambda t: t.i)


def conjuncts(head: Token) -> list[Token]:
    """The head and what is coordinated with it."""
    found = [head]
    for c in head.children:
        if c.dep_ == "conj":
            found += conjuncts(c)
    return found


def left_aux(verb: Token, reach: int = 6) -> list[Token]:
    """Auxiliaries, negations and adverbs that stand before a verb in its own group."""
    found: list[Token] = []
    for i in range(verb.i - 1, max(verb.sent.start, verb.i - reach) - 1, -1):
        token = verb.doc[i]
        word = low(token)
        if (
            token.tag_ in ("MD", "RB", "TO")
            or word in BE
            or word in HAVE
            or word
            in ("not", "n't", "n’t", "no", "longer", "do", "does", "did", "never", "all", "both")
        ):
            found.append(token)
            continue
        break
    attached = [c for c in verb.lefts if c.dep_ in ("aux", "aux:pass", "advmod", "cop")]
    return sorted({t.i: t for t in [*found, *attached]}.values(), key=lambda t: t.i)


def is_passive(verb: Token) -> bool:
    """Whether a verb form is passive: "was taken", or "a town taken by"."""
    if child(verb, "nsubj:pass", "aux:pass") is not None:
        return True
    if verb.tag_ not in ("VBN", "VBD", "JJ"):
        return False
    aux = [low(t) for t in left_aux(verb)]
    if any(word in BE for word in aux):
        return verb.tag_ != "VBD" or "been" in aux
    if any(word in HAVE for word in aux):
        return False
    if verb.tag_ == "VBD" or child(verb, "obj", "nsubj") is not None:
        return False
    agent = any(
        c.dep_.startswith("obl") and case_of(c) == "by" and low(c) not in ("one", "nobody", "none")
        for c in verb.rights
    )
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and verb.head.tag_ == "VBN":
        return agent or (not any(case_of(c) == "by" for c in verb.rights) and is_passive(verb.head))
    return verb.dep_ == "acl" or (verb.tag_ == "VBN" and agent)


def subject(verb: Token) -> Token | None:
    """The head of a verb's subject: its own, its antecedent's where that is a relative
    pronoun, or the governor's where it has none."""
    seen: set[int] = set()
    token = verb
    while token.i not in seen:
        seen.add(token.i)
        own = _nearest([c for c in token.children if c.dep_ in SUBJECTS], token)
        if own is not None:
            return _antecedent(own, token) if low(own) in RELATIVE else own
        if token.dep_ in ("acl:relcl",):
            return _inside_relative(token) or token.head
        if (
            token.dep_ == "xcomp"
            and (low(token.head) in _OBJECT_CONTROL or any(low(t) in HAVE for t in left_aux(token)))
            and (ordered := child(token.head, "obj")) is not None
            and ordered.i < token.i
        ):
            return ordered  # "X ordered its troops to withdraw"
        if token.dep_ in ("conj", "xcomp", "advcl", "ccomp", "acl") and is_verb(token.head):
            if token.dep_ == "ccomp" and token.tag_ in FINITE:
                break
            token = token.head
            continue
        if token.dep_ == "acl" and token.tag_ == "VBG" and not is_verb(token.head):
            return token.head
        if token.dep_ == "acl" and token.tag_ == "VB" and child(token.head, "cop") is not None:
            token = token.head  # "X was in no position to confirm"
            continue
        break
    return subject_before(verb) or _subject_after(verb)


def _nearest(subjects: Sequence[Token], verb: Token) -> Token | None:
    """Of two subjects before a verb the nearer ("X: army holds on")."""
    before = [c for c in subjects if c.i < verb.i]
    if len(before) > 1 and (
        low(before[0]) in RELATIVE or any(t.is_punct for t in verb.doc[before[0].i : before[-1].i])
    ):
        return before[-1]
    return next(iter(subjects), None)


def _subject_after(verb: Token) -> Token | None:
    """The subject of the clause that a participle opens: "having left X, the army …"."""
    opens = verb.i - verb.sent.start <= 2 and (verb.tag_ == "VBG" or low(verb.sent[0]) == "having")
    if not opens:
        return None
    comma = next((t for t in following(verb, 12) if t.text == ","), None)
    after = following(comma, 6) if comma is not None else iter(())
    return next((t for t in after if t.dep_ in SUBJECTS), None)


def _inside_relative(verb: Token) -> Token | None:
    """The subject of "which X overran", where the parse has not marked it."""
    noun: Token | None = None
    for i in range(verb.i - 1, max(verb.sent.start, verb.i - 7) - 1, -1):
        token = verb.doc[i]
        if low(token) in ("which", "that", "whom", "where"):
            return noun
        if is_noun(token) and noun is None and low(token) not in TIMES:
            noun = token
    return None


def _antecedent(pronoun: Token, verb: Token) -> Token:
    if verb.dep_.startswith("acl") and verb.head.i < pronoun.i:
        return verb.head
    for i in range(pronoun.i - 1, pronoun.sent.start - 1, -1):
        if is_noun(pronoun.doc[i]):
            return pronoun.doc[i]
    return pronoun


def subject_before(verb: Token) -> Token | None:
    """The nearest noun to the left of a verb's group, in its own clause."""
    i = verb.i - 1
    doc = verb.doc
    while i >= verb.sent.start:
        token = doc[i]
        word = low(token)
        if word in RELATIVE and i > verb.sent.start:
            i -= 1
            while i >= verb.sent.start and not is_noun(doc[i]):
                i -= 1
            return doc[i] if i >= verb.sent.start else None
        if is_noun(token) and low(token) not in TIMES:
            return _out_of_prepositions(token)
        if is_verb(token) and word not in BE and word not in HAVE:
            return None
        if word == "," and (jump := _parenthesis(token, verb)) is not None:
            i = jump
            continue
        if word in (",", ";", ":") and verb.i - i > 4:
            return None
        i -= 1
    return None


def _parenthesis(comma: Token, verb: Token) -> int | None:
    """Where to go on to the left of "…, its spokesman maintained, …"; None for other commas."""
    if any(is_noun(t) for t in comma.doc[comma.i + 1 : verb.i]):
        return None
    inside = False
    for i in range(comma.i - 1, max(comma.sent.start, comma.i - 10) - 1, -1):
        token = comma.doc[i]
        inside = inside or token.tag_ in FINITE
        if token.text == ",":
            return i - 1 if inside else None
    return None


def _out_of_prepositions(noun: Token) -> Token:
    """From "men" in "units of these men" to "units": the head that a verb agrees with."""
    while noun.dep_ in ("nmod", "nmod:poss", "compound", "flat", "appos") and (
        noun.head.i < noun.i and is_noun(noun.head)
    ):
        noun = noun.head
    return noun


def following(token: Token, reach: int) -> Iterator[Token]:
    """The tokens after one, in its sentence."""
    first = token.i + 1
    return iter(token.doc.tokens[first : min(token.sent.end, first + reach)])


def object_right(verb: Token, reach: int = 12) -> list[Token]:
    """The words of the noun phrase that follows a verb directly ("took full control of X")."""
    found: list[Token] = []
    for token in following(verb, reach):
        if token.tag_ in NOMINAL or token.tag_ == "PRP" or low(token) in ("of", "and", "what"):
            if token.tag_ in ("VBG", "VBN") and found and low(found[-1]) == "and":
                break
            found.append(token)
            continue
        break
    return found


def ancestors(token: Token) -> Iterator[Token]:
    """The heads above a token, to the root."""
    while token.head.i != token.i:
        token = token.head
        yield token


def sentence_words(sent: Span) -> Sequence[str]:
    return [low(token) for token in sent]
