"""Mends what a parser trained on general English gets wrong in reports of a war.

It has seen few of the names, so it takes "troops controlled X" for troops that somebody
controlled. What is certain about names, armed forces and a few verbs is set here, by word
order, before anything is read from the parse.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from claims.extraction import cues
from claims.extraction.actors.mentions import Mention
from claims.extraction.text.grammar import (
    BE,
    FINITE,
    HAVE,
    SUBJECTS,
    TIMES,
    child,
    following,
    low,
)
from claims.extraction.text.tokens import Doc, Token
from claims.extraction.text.words import forms

_INSTITUTIONS = frozenset({"ministry", "government", "presidency", "parliament", "council",
                           "administration", "office", "state"})  # fmt: skip
# Forms in -s that are nouns as often as verbs.
_PLURALS = frozenset({"controls", "gains", "moves", "rules", "storms", "holds", "wins", "posts",
                      "states", "talks", "counts", "names", "puts", "calls", "notes", "answers",
                      "details", "comments", "signals", "texts", "messages", "grips", "checks",
                      "leads", "ships", "rings", "cuts", "marches", "drives", "breaks", "claims",
                      "parts", "flies", "stands", "remains", "returns", "passes",
                      "changes"})  # fmt: skip
_NOMINAL_ROLES = frozenset({"nsubj", "obj", "obl", "nmod", "nsubj:pass"})
_ONLY_VERBS = frozenset({"repel", "seize", "capture", "retake", "recapture", "liberate"})
_MISTAKEN = frozenset({"VBN", "JJ", "NN", "VBD"})


def repair(doc: Doc, mentions: Sequence[Mention | None]) -> None:
    """Set tags, and where they follow from them heads and labels, in place."""
    for token in doc:
        _name(token, mentions)
    for token in doc:
        if _opening_participle(token, mentions):
            token.tag_ = "VBN"
        if token.tag_ == "VBZ" and token.dep_ in _NOMINAL_ROLES and low(token) in _nouns():
            token.tag_ = "NNS"  # "spoke of clashes in X"
        _give_town(token, mentions)
        if low(token) in ("which", "that", "whom") and _second_subject(token) is not None:
            token.dep_ = "obj"  # "X, which the army won last year"
        if (verb := _opening_combat(token)) is not None:
            _make_subject(token, verb)
        if _is_perfect(token):
            _make_finite_perfect(token)
        if _is_denied_claim(token, mentions):
            token.tag_ = "NNS"
        elif _reports(token, mentions):
            token.tag_ = "VBZ"
        elif _is_third_person(token, mentions):
            _make_finite(token, token.doc[token.i - 1])
            token.tag_ = "VBZ"
        elif _spoke(token, mentions):
            token.tag_ = "VBD"
            if token.dep_ == "amod":
                token.dep_ = "parataxis"
            _give_speaker(token, mentions)
        elif (noun := _actor_before(token, mentions)) is not None and _acts(token, noun, mentions):
            _make_finite(token, noun)
    for token in doc:
        if token.dep_ == "nsubj" and token.tag_ in FINITE and _says(token.head):
            token.dep_ = "ccomp"  # "forces control X, he said"
        if low(token) == "whose":
            _make_object(token.head)
        if low(token) == "which" and token.i > 1 and low(doc[token.i - 1]) == "of":
            _make_object(doc[token.i - 2])


def _name(token: Token, mentions: Sequence[Mention | None]) -> None:
    mention = mentions[token.i]
    if mention is None or mention.kind == "demonym" or token.tag_.startswith("NN"):
        return
    token.tag_ = "NNP"


def _opening_participle(token: Token, mentions: Sequence[Mention | None]) -> bool:
    """ "Retaken last August by the army.": a verb that its capital hides."""
    if not token.is_sent_start or mentions[token.i] is not None or token.tag_.startswith("VB"):
        return False
    word = low(token)
    after = next(following(token, 1), None)
    if word not in cues.verb_forms() or not word.endswith(("ed", "en", "lost", "overrun", "won")):
        return False
    return after is not None and (
        after.tag_ in ("IN", "RP", "RB", "JJ", "DT", "TO") or low(after) in TIMES
    )


def _reports(token: Token, mentions: Sequence[Mention | None]) -> bool:
    """ "X reports fighting", at the beginning of a sentence."""
    before = token.i - 1
    if token.tag_ != "NNS" or before != token.sent.start or (known := mentions[before]) is None:
        return False
    speaks = known.kind in ("actor", "person") and known.agent is not None
    return speaks and low(token) in cues.inflected("speech", "says", "verbs")


def _give_town(verb: Token, mentions: Sequence[Mention | None]) -> None:
    """ "X has been completely taken": the town that opens a sentence is the subject of a passive
    that has none."""
    opening = verb.doc[verb.sent.start]
    passive = verb.tag_ == "VBN" and child(verb, "aux:pass") is not None
    if not passive or opening.head != verb or child(verb, *SUBJECTS) is not None:
        return
    mention = mentions[opening.i]
    if mention is not None and mention.places:
        opening.dep_ = "nsubj:pass"


def _second_subject(relative: Token) -> Token | None:
    """The noun that really acts, where a parser has made a relative pronoun a subject too."""
    verb = relative.head
    if relative.dep_ != "nsubj" or verb.i < relative.i:
        return None
    nouns = (c for c in verb.children if c.dep_ in SUBJECTS and relative.i < c.i < verb.i)
    return next((c for c in nouns if c.tag_.startswith("NN")), None)


def _opening_combat(token: Token) -> Token | None:
    """The verb of "Clashes erupted in X", "Clashes between the two resumed", whose noun a tagger
    takes for a verb at the beginning."""
    if not token.is_sent_start or not token.tag_.startswith("VB") or token.tag_ == "VBG":
        return None
    frames = cues.frames().get(low(token), ())
    fighting = any(frame.word == "noun" and frame.predicate == "fighting" for frame in frames)
    after = next(following(token, 1), None)
    if not fighting or after is None:
        return None
    if low(after) == "between":
        return next((t for t in following(token, 12) if t.tag_ in FINITE), None)
    return after if after.tag_ in ("VBD", "VBN", "VBP", "VBZ") else None


def _make_subject(noun: Token, verb: Token) -> None:
    """Make a word the plural noun that is the subject of the verb behind it."""
    noun.tag_ = "NNS"
    verb.tag_ = "VBD" if verb.tag_ == "VBN" else verb.tag_
    if verb.head == noun:
        verb.attach(verb if noun.head == noun else noun.head, noun.dep_)
    noun.attach(verb, "nsubj")


def _is_perfect(token: Token) -> bool:
    """ "They have set foot in X": a participle that a parser takes for an adjective."""
    if token.tag_ != "VBN" or token.dep_ != "amod" or token.head.i < token.i:
        return False
    return _perfect_auxiliary(token) is not None and low(token) in cues.verb_forms()


def _perfect_auxiliary(verb: Token) -> Token | None:
    """The "have" before a participle, or before its adverb."""
    i = verb.i - 1
    while i > verb.sent.start and verb.doc[i].tag_ == "RB":
        i -= 1
    before = verb.doc[i] if i >= verb.sent.start else None
    return before if before is not None and i < verb.i and low(before) in HAVE else None


def _make_finite_perfect(verb: Token) -> None:
    """Make a participle the verb whose auxiliary stands before it."""
    auxiliary, noun = _perfect_auxiliary(verb), verb.head
    if auxiliary is None:
        return
    own = child(auxiliary, *SUBJECTS)
    if auxiliary.head == verb:  # all of it hangs on the town
        verb.attach(verb if noun.head == noun else noun.head, "ccomp")
    else:
        verb.attach(verb if auxiliary.head == auxiliary else auxiliary.head, auxiliary.dep_)
    noun.attach(verb, "obj")
    auxiliary.attach(verb, "aux")
    if own is not None:
        own.attach(verb, own.dep_)


def _is_third_person(token: Token, mentions: Sequence[Mention | None]) -> bool:
    """ "The army denies the fall of X": a verb that is taken for a noun in the plural."""
    word = low(token)
    if token.tag_ not in ("NNS", "NNPS", "NNP") or mentions[token.i] is not None:
        return False
    if token.is_sent_start or word not in _third_persons() or word in ("hands", "forces"):
        return False
    ambiguous = word in cues.inflected("speech", "says", "nouns") or word in _nouns()
    if ambiguous and any(t.tag_ in FINITE for t in token.sent):
        return False
    noun = token.doc[token.i - 1]
    known = mentions[noun.i]
    if known is not None:
        return known.agent is not None
    acting = ("forces", "roles", "organisations")
    return any(low(noun) in cues.words("actors", kind, "words") for kind in acting) or (
        low(noun) in _INSTITUTIONS
    )


@lru_cache(maxsize=1)
def _third_persons() -> frozenset[str]:
    """The forms in -s of the verbs that tell or report something."""
    stances = [cues.words("speech", kind, "verbs") for kind in ("says", "denies", "unconfirmed")]
    lemmas = frozenset().union(*stances) | frozenset(
        lemma
        for rows in cues.frames().values()
        for frame in rows
        if frame.word == "verb"
        for lemma in frame.lemmas
    )
    return frozenset(form for lemma in lemmas for form in forms(lemma) if form.endswith("s"))


@lru_cache(maxsize=1)
def _nouns() -> frozenset[str]:
    """The plurals of the nouns that tell something: "advances", "clashes"."""
    return (
        frozenset(
            form
            for form, rows in cues.frames().items()
            if any(frame.word == "noun" for frame in rows)
        )
        | _PLURALS
    )


def _is_denied_claim(token: Token, mentions: Sequence[Mention | None]) -> bool:
    """ "dismissed Redmark claims": what is denied is a noun."""
    if token.tag_ != "VBZ" or token.i < token.sent.start + 2 or mentions[token.i - 1] is None:
        return False
    noun = low(token) in cues.inflected("speech", "says", "nouns")
    verb = low(token.doc[token.i - 2])
    return noun and verb in cues.inflected("speech", "denies", "verbs")


def _spoke(token: Token, mentions: Sequence[Mention | None]) -> bool:
    """ "…, its leader, X, confirmed": a participle in form, a past tense in fact."""
    if token.tag_ not in ("VBN", "JJ") or token.i <= token.sent.start + 1:
        return False
    before = token.doc[token.i - 1]
    if low(token) not in cues.speech_verbs() or any(low(c) in (*BE, *HAVE) for c in token.lefts):
        return False
    after = next(following(token, 1), None)
    if after is not None and low(after) in ("by", "to", "as", "in"):
        return False
    named = before if before.text != "," else token.doc[before.i - 1]
    mention = mentions[named.i]
    if mention is None:
        return False
    if mention.metonym:
        return named is before and token.doc[before.i - 1].text == ","
    if mention.kind not in ("person", "actor"):
        return False
    return mention.kind == "person" or (named is before and mention.agent is not None)


def _give_speaker(verb: Token, mentions: Sequence[Mention | None]) -> None:
    """Make a known name directly before a reporting verb its subject."""
    named = verb.doc[verb.i - 1]
    mention = mentions[named.i]
    known = mention is not None and mention.agent is not None
    if known and verb not in list(named.subtree) and child(verb, *SUBJECTS) is None:
        named.attach(verb, "nsubj")


def _says(token: Token) -> bool:
    return low(token) in cues.inflected("speech", "says", "verbs")


def _actor_before(token: Token, mentions: Sequence[Mention | None]) -> Token | None:
    """The name or the armed force that a possible verb follows directly."""
    if (
        token.tag_ not in _MISTAKEN
        or low(token) not in cues.verb_forms()
        or mentions[token.i] is not None
    ):
        return None
    at = token.i - 1
    while at > token.sent.start and _is_adverb(token.doc[at]):
        at -= 1
    if at < token.sent.start:
        return None
    noun = token.doc[at]
    mention = mentions[at]
    if mention is not None:
        named = mention.agent is not None and mention.kind == "actor" and not mention.places
        return noun if named else None
    forces = cues.words("actors", "forces", "words") | cues.words("actors", "types", "movement")
    return noun if low(noun) in forces and noun.tag_.startswith("NN") else None


def _is_adverb(token: Token) -> bool:
    return token.tag_ == "RB" or low(token) in ("longer", "no")


def _acts(token: Token, noun: Token, mentions: Sequence[Mention | None]) -> bool:
    """Whether the word is that actor's verb, rather than a participle that describes it."""
    if low(token) in cues.words("states", "goes", "forms") and _is_only_verb(token):
        return True
    if token.tag_ == "VBD" and token.dep_ not in ("acl", "amod"):
        return False
    if token.tag_ == "NN" and not _control(token):
        return False
    relative = {low(t) for t in token.doc[max(token.sent.start, noun.i - 4) : noun.i]}
    if relative & {"which", "whom"} and token.tag_ != "NN":
        return True
    governed = token.dep_ in ("ROOT", "ccomp", "conj") or (
        token.dep_ == "amod" and token.head.i > token.i
    )
    if noun.dep_ in SUBJECTS and noun.head == token and governed:
        return True
    after = next(following(token, 1), None)
    if after is None:
        return False
    mention = mentions[after.i]
    if mention is not None:
        return mention.kind in ("place", "person")
    if after.tag_.startswith("NN") and low(token) in _ONLY_VERBS:
        return True
    if after.tag_ == "CD" or low(after) in ("about", "most", "much", "around", "nearly"):
        return True
    return after.tag_ in ("DT", "PRP$") or low(after) in cues.words("parts", "nouns", "words")


def _is_only_verb(token: Token) -> bool:
    """Whether a whole sentence has no other word that can be its verb, but one that follows and
    tells who says so."""
    sent = token.sent
    says = cues.inflected("speech", "says", "verbs")
    others = (t for t in sent if t is not token and (t.i < token.i or low(t) not in says))
    whole = sent[-1].text in (".", "!")
    return whole and not any(t.tag_ in FINITE or low(t) in BE for t in others)


def _control(token: Token) -> bool:
    """ "Forces control X", where the tagger sees a noun."""
    return low(token) in ("control", "hold", "storm", "attack", "seize", "capture", "repel")


def _make_object(noun: Token) -> None:
    """ "X, whose north they hold", "X and Y, both of which they hold": what stands before the
    subject is the object."""
    before = noun.dep_ in ("nsubj", "obl") and noun.head.i > noun.i
    if before and any(c.dep_ in SUBJECTS and noun.i < c.i for c in noun.head.lefts):
        noun.dep_ = "obj"


def _make_finite(verb: Token, noun: Token) -> None:
    """Make a word the finite verb of the noun before it, and what follows its object."""
    verb.tag_ = "VBP" if verb.tag_ == "NN" else "VBD"
    after = next(following(verb, 1), None)
    if noun.dep_ == "ROOT" and verb.head is noun:
        verb.attach(verb, "ROOT")
        noun.attach(verb, "nsubj")
    if verb.dep_ in ("amod", "compound") and verb.head.i > verb.i:
        target = verb.head
        outer, label = target.head, target.dep_
        verb.attach(verb if outer == target else outer, "ROOT" if outer == target else label)
        for left in [c for c in target.lefts if c.i < verb.i]:
            left.attach(verb, left.dep_)
        target.attach(verb, "obj")
    elif after is not None and after.head == verb and after.tag_.startswith("NN"):
        after.attach(verb, "obj")
    if noun.head.i == verb.i or verb.dep_ not in ("acl", "acl:relcl"):
        if verb not in list(noun.subtree) or noun.head == verb:
            noun.attach(verb, "nsubj")
    else:
        verb.dep_ = "acl:relcl" if verb.dep_ == "acl:relcl" else verb.dep_
