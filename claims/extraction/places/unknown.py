"""Towns that no gazetteer knows: names that a text uses as one uses a town's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.extraction import cues

_CAP = r"[^\W\d_a-zß-ÿ](?:[^\W_]|['’ʼ](?!s\b)){1,40}"
_NAME = re.compile(rf"\b{_CAP}(?:[ -](?:(?:al|el|an|ash|as|de|la|le|sur|upon)[ -])?{_CAP}){{0,5}}")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*|[^\w\s]")
_REACH = 60  # characters of context on either side
_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "general", "colonel", "captain", "major", "lieutenant", "president",
     "governor", "minister", "commander", "sergeant", "marshal", "admiral", "brigadier", "sir",
     "spokesman", "spokeswoman", "prime", "mayor", "premier", "sheikh", "king", "prince"}
)  # fmt: skip
_PREFIX = re.compile(r"(?:Upper|Lower|Old|New|Port|Great|Little|East|West|North|South|Saint|St) ")
_APPOSED = re.compile(
    r",? (?:which is |once )?(?:an?|the|another|its|their|our)(?: [\w-]+){0,4} (?P<noun>[\w-]+)\b"
)
_SITUATED = re.compile(
    r", (?:further|farther|(?:only|some|about|barely)?\s?[\w-]+ (?:km|kilomet\w+|miles|hours?)\b"
    r"|on the [\w -]{0,25}(?:road|bank|river|shore|side|highway|lake|coast)\b"
    r"|(?:north|south|east|west|up|down)(?:stream|river|hill|\b)|in the (?:north|south|east|west))"
)
_STATE = re.compile(
    r" (?:is|was|are|remains?|stays?)(?: (?:still|again|now|firmly|entirely|back|wholly|fully))*"
    r" (?:ours|theirs|in \S+(?: \S+)? (?:hands|control)|under \S+(?: \S+)? control|contested)\b"
)
_TOPIC = re.compile(r"[.:]|\s?[➡→–—|❓-]|,|\s\(")
_COORDINATED = re.compile(
    rf"(?P<one>{_NAME.pattern})(?:,? and |, |/)(?=(?P<other>{_NAME.pattern}))"
)
_TWO = re.compile(r" \((?:[\w-]+ ){0,3}(?:towns?|villages?|cities|city)\b")
_SPOKEN_OF = re.compile(r"\b[Tt]he (?:[\w-]+ ){0,2}(?:town|village|hamlet|settlement|city|port)\b")


@dataclass(frozen=True, slots=True)
class _Use:
    """One use of a name: the two words before it in lower case, what follows it as written
    and in words, and whether it is the topic that a paragraph on a town begins with."""

    before: tuple[str, str]
    rest: str
    after: tuple[str, ...]
    topic: bool
    begins: bool  # a sentence, where any word has a capital


def unknown_towns(text: str, is_known: Callable[[str], bool], *, enough: float) -> frozenset[str]:
    """The names in `text` that are used as a town's and that `is_known` does not know.

    `enough` is the evidence that a name needs: 2 for each telling use, less for a weak one.
    """
    uses = _uses(text)
    surnames = {
        name.split()[-1] for name in uses if " " in name and not _PREFIX.match(name)
    }  # fmt: skip
    weights = {
        name: _weight_of(name, told) - 3.0 * (name in surnames)
        for name, told in uses.items()
        if _possible(name) and not is_known(name)
    }
    found = {name for name, weight in weights.items() if weight >= enough}
    for match in _COORDINATED.finditer(text):
        one, other = match["one"], match["other"]
        for name, beside in ((one, other), (other, one)):
            if beside in found and weights.get(name, -1.0) >= 0 and name not in found:
                weights[name] += 2.0
                found |= {name} if weights[name] >= enough else set()
    return frozenset(found)


def _uses(text: str) -> Mapping[str, list[_Use]]:
    found: dict[str, list[_Use]] = defaultdict(list)
    spans = [_without_opening(text, *match.span()) for match in _NAME.finditer(text)]
    whole = {text[start:end] for start, end in spans}
    for start, end in spans:
        name = text[start:end]
        rest = name.partition(" ")[2]
        if rest in whole and _begins(text, start) and not _PREFIX.match(name):
            start, name = end - len(rest), rest  # "Suppose X falls"
        found[name].append(_use(text, start, end))
    return found


def _without_opening(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without the capitalised words before it that belong to none ("In X")."""
    while " " in (name := text[start:end]):
        first = name.partition(" ")[0].lower()
        if not _common(first) and first not in _lists()["function"]:
            break
        start += name.index(" ") + 1
    return start, end


def _use(text: str, start: int, end: int) -> _Use:
    left = text[max(0, start - _REACH) : start]
    line = left.rpartition("\n")[2]
    before = ["", "", *(match.lower() for match in _WORD.findall(line))]
    rest = text[end : end + _REACH].partition("\n")[0]
    after = tuple(match.lower() for match in _WORD.findall(rest))
    bare = start < 6 or ("\n" in left and not re.search(r"[^\W\d_]", line))
    topic = bool(bare and _TOPIC.match(rest))
    if topic:
        stop = text.find("\n", end)
        topic = bool(_SPOKEN_OF.search(text, end, stop if stop > 0 else len(text)))
    return _Use((before[-2], before[-1]), rest, after, topic, _begins(text, start))


def _weight_of(name: str, uses: Sequence[_Use]) -> float:
    """How much all uses tell. A single word that only ever begins sentences ("Snow fell") may
    be any noun, so that saying it again tells nothing more."""
    weights = [_weight(use) for use in uses]
    if " " not in name and all(use.begins for use in uses):
        return max(weights)
    return sum(weights)


def _weight(use: _Use) -> float:
    """How much one use tells that a name is a town's; negative: that it is not."""
    words = _lists()
    owns = bool(use.after) and bool(re.match(r"['’]s\b", use.rest))
    after = use.after[2:] if owns and use.after[0] in "'’" else use.after[owns:]
    following, last = (after or ("",))[0], use.before[1]
    if last in _TITLES or (not owns and following in words["not_before"]):
        return -3.0
    if owns and following in words["owned_not"]:
        return -2.0
    if last == "the":
        return -1.0
    weight = 2.0 * (owns and following in words["owned"]) + 3.5 * use.topic
    if not owns:
        weight += _tail(use, after, following) + _preposed(use, following)
    return weight


def _preposed(use: _Use, following: str) -> float:
    words = _lists()
    second, last = use.before
    if last in ("of", "from", "to", "on", "for", "in") and second in words["relations"]:
        return 2.0
    if re.match(r" [a-z]", use.rest) and following not in words["function"]:
        return 0.0  # "in Quorian hands", "from Border officials"
    if last in words["in"] or (last == "of" and second in words["of"]):
        return 2.0
    if last in _takes() or (last in ("back", "up", "over") and second in _takes()):
        return 2.0
    if last in ("lies", "stands"):
        return 2.0
    return 0.5 if last in ("from", "to", "at", "of", "between", "via", "beyond") else 0.0


def _tail(use: _Use, after: tuple[str, ...], following: str) -> float:
    words = _lists()
    pair = " ".join(after[:2])
    suffers = words["suffers"]
    apposed = _APPOSED.match(use.rest)
    if apposed and apposed["noun"].lower() in words["nouns"] and use.rest[0] == ",":
        return 3.0
    if _SITUATED.match(use.rest) or _STATE.match(use.rest) or _TWO.match(use.rest):
        return 2.0
    if following in suffers or pair in suffers:
        return 2.0
    passive = following in ("is", "was", "has", "had", "have", "were", "been", ":", ".", "being")
    near = set(after[1:4])
    pairs = {" ".join(after[n : n + 2]) for n in (1, 2, 3)}
    if passive and (near | pairs) & (suffers | words["undergoes"]):
        return 2.0 if following != "." else 1.0 + bool(set(after[1:3]) & suffers or pairs & suffers)
    return 1.5 if following in words["after"] else 0.0


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in cues.table("places")["unknown"].items()}


@lru_cache(maxsize=1)
def _takes() -> frozenset[str]:
    """Forms of the verbs whose object is a town, where hardly anybody else is one."""
    return frozenset(
        form
        for form, rows in cues.frames().items()
        if any(f.word == "verb" and "object" in f.place and not f.companions for f in rows)
    ) - {"approach", "hold", "held", "attack", "attacked"}


@lru_cache(maxsize=1)
def _kinds_of_people() -> frozenset[str]:
    paths = (("forces",), ("roles",), ("people",))
    named = (cues.words("actors", *path, "words") for path in paths)
    return frozenset().union(*named, cues.words("belligerents", "generic", "words"))


def _common(word: str) -> bool:
    return word.lower() in cues.words("names", "words")


def _begins(text: str, start: int) -> bool:
    return text[:start].rstrip(" “\"«'‘")[-1:] in ("", ".", "!", "?", ":", "…", "•", "\n")


def _possible(name: str) -> bool:
    """Whether a name can be a town's: not in capitals, and not a body's or a month's."""
    words = _lists()
    last = name.rsplit(" ", 1)[-1].lower()
    if name.isupper() or len(name) < 3 or _common(name.split()[0]) or last in words["endings"]:
        return False
    if name.lower() in _kinds_of_people():  # "Rebels seized X"
        return False
    return not (" " in name and last in words["sites"])
