"""Folding of names and inflection of lemmas: what makes spellings comparable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’ʼ`]s$", re.IGNORECASE)
_APOSTROPHES = str.maketrans("", "", "'’ʼ`ʻ‘")
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"}
)

# Past and participle forms that the regular rules do not make.
IRREGULAR: dict[str, tuple[str, ...]] = {
    "take": ("took", "taken"),
    "retake": ("retook", "retaken"),
    "overrun": ("overran",),
    "fall": ("fell", "fallen"),
    "hold": ("held",),
    "keep": ("kept",),
    "withdraw": ("withdrew", "withdrawn"),
    "leave": ("left",),
    "lose": ("lost",),
    "give": ("gave", "given"),
    "drive": ("drove", "driven"),
    "throw": ("threw", "thrown"),
    "break": ("broke", "broken"),
    "fight": ("fought",),
    "go": ("went", "gone", "goes"),
    "cut": ("cutting",),
    "lay": ("laid",),
    "beat": ("beaten", "beating"),
    "set": ("setting",),
    "put": ("putting",),
    "stand": ("stood",),
    "say": ("said",),
    "tell": ("told",),
    "write": ("wrote", "written"),
    "run": ("ran", "running"),
    "fly": ("flew", "flown"),
    "make": ("made",),
    "flee": ("fled", "fleeing"),
    "creep": ("crept",),
    "wrap": ("wrapped", "wrapping"),
    "shake": ("shook", "shaken"),
    "rise": ("rose", "risen"),
    "tear": ("tore", "torn"),
    "quit": ("quitting",),
    "get": ("got", "gotten", "getting"),
    "cling": ("clung",),
    "hang": ("hung",),
    "sweep": ("swept",),
    "ride": ("rode", "ridden"),
    "burst": ("bursting",),
    "thrust": ("thrusting",),
    "bear": ("bore", "borne"),
    "have": ("has", "had"),
    "show": ("shown",),
    "seek": ("sought",),
    "begin": ("began", "begun", "beginning"),
    "forecast": ("forecasting",),
    "bid": ("bidding",),
    "bet": ("betting",),
    "oust": ("ousted",),
    "stop": ("stopped", "stopping"),
    "control": ("controlled", "controlling"),
    "win": ("won", "winning"),
    "repel": ("repelled", "repelling"),
    "rebut": ("rebutted", "rebutting"),
    "expel": ("expelled", "expelling"),
    "rout": ("routed",),
    "plan": ("planned", "planning"),
    "admit": ("admitted", "admitting"),
    "brag": ("bragged", "bragging"),
    "swap": ("swapped",),
    "snatch": ("snatched",),
    "annex": ("annexed",),
    "defence": ("defences",),
    "come": ("came",),
    "see": ("saw", "seen"),
    "shut": ("shutting",),
    "hem": ("hemmed", "hemming"),
    "slip": ("slipped", "slipping"),
    "step": ("stepped", "stepping"),
    "drop": ("dropped", "dropping"),
    "draw": ("drew", "drawn"),
    "ship": ("shipped", "shipping"),
    "rewin": ("rewon",),
    "forsake": ("forsook", "forsaken"),
    "lead": ("led",),
    "bring": ("brought",),
    "sneak": ("snuck",),
    "lie": ("lay", "lain", "lying"),
    "speak": ("spoke", "spoken"),
    "think": ("thought",),
    "swear": ("swore", "sworn"),
    "hear": ("heard",),
    "send": ("sent",),
    "let": ("letting",),
    "understand": ("understood",),
    "forfeit": ("forfeited",),
}


# Of these, the ones that can be nothing but verbs, whatever a tagger makes of them.
PAST = frozenset(
    {"took", "retook", "overran", "fell", "withdrew", "gave", "threw", "stormed", "quit"}
)


@lru_cache(maxsize=1 << 15)  # a text's words recur, and each is looked up in many ways
def fold(text: str) -> str:
    """`text` without case, accents and apostrophes: "Dar‘ā" → "dara"."""
    plain = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
    return plain.encode("ascii", "ignore").decode().translate(_APOSTROPHES).lower()


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the words of `text`, a possessive "'s" left out."""
    for match in WORD.finditer(text):
        owner = _POSSESSIVE.search(match.group())
        yield match.start(), match.start() + owner.start() if owner else match.end()


def name_key(name: str) -> tuple[str, ...]:
    """The folded words of a name, by which it is looked up."""
    return tuple(key for s, e in word_spans(name) if (key := fold(name[s:e])))


_SHORT = re.compile(r"^[^aeiou]*[aeiou][bdgmnpt]$")


@lru_cache(maxsize=4096)
def forms(lemma: str) -> tuple[str, ...]:
    """A lemma with its inflected forms, verb and noun alike ("seize" → seizes, seized …)."""
    made = [lemma]
    if lemma.endswith("e"):
        made += [lemma + "s", lemma + "d", lemma[:-1] + "ing"]
    elif re.search(r"[^aeiou]y$", lemma):
        made += [lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"]
    else:
        sibilant = re.search(r"(s|x|z|ch|sh)$", lemma)
        made += [lemma + ("es" if sibilant else "s"), lemma + "ed", lemma + "ing"]
        if _SHORT.search(lemma):
            made += [lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"]  # "trapped", "pinning"
    made += IRREGULAR.get(lemma, ())
    return tuple(dict.fromkeys(made))


def tells(text: str, phrase: str) -> bool:
    """Whether `text` has a phrase as whole words."""
    return phrase in text and _whole(phrase).search(text) is not None


@lru_cache(maxsize=4096)
def _whole(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(phrase)}\b")
