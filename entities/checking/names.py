"""Names by themselves: stray characters, mixed alphabets, spellings that do nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from entities.checking.findings import Finding
from entities.checking.spellings import Spelling, spellings_of
from entities.folding import fold
from entities.pack_reading import Draft

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
# Words that any side of any war has: a name of these alone tells nothing.
_GENERIC = frozenset(
    {"a", "an", "the", "of", "and", "armed", "army", "military", "air", "force", "forces", "troops"}
    | {"soldier", "soldiers", "fighter", "fighters", "militant", "militants", "militia", "militias"}
    | {"rebels", "insurgents", "government", "authority", "authorities", "official", "officials"}
    | {"police", "security", "defence", "defense", "ministry", "minister", "foreign", "interior"}
    | {"spokesman", "spokeswoman", "spokesperson", "commander", "commanders", "command", "general"}
    | {"staff", "headquarters", "president", "presidency", "prime", "office", "governor", "mayor"}
    | {"administration", "council", "parliament", "state", "local", "regional", "national"}
    | {"federal", "central", "senior", "group", "side", "enemy", "navy", "unit", "units"}
    | {"brigade", "battalion", "regiment", "division", "volunteers", "leader", "leaders"}
)
# Small words that abbreviations spell as well.
_COMMON_WORDS = frozenset(
    {"am", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "for", "go", "had"}
    | {"has", "he", "her", "him", "his", "how", "if", "in", "is", "it", "its", "may", "me", "most"}
    | {"my", "no", "not", "now", "of", "off", "on", "one", "or", "our", "out", "she", "so", "some"}
    | {"that", "the", "this", "to", "too", "up", "was", "we", "what", "when", "who", "why", "will"}
)
# These kinds are spoken of by common words: "residents", "analysts", "social media".
_SPOKEN_OF_COMMONLY = frozenset({"people", "monitor", "publisher"})


def check_names(draft: Draft) -> Iterator[Finding]:
    """What is wrong with each name of a pack, and with one actor's names together."""
    yield from _labels(draft)
    for actor, table in zip(draft.pack.actors, draft.actors, strict=True):
        spellings = list(spellings_of(actor, table))
        for spelling in spellings:
            yield from _characters(spelling)
            if actor.kind not in _SPOKEN_OF_COMMONLY and spelling.kind != "speaker":
                yield from _generic(spelling)
        yield from _repeated(spellings)


def stray_characters(text: str) -> str:
    """What is wrong with the characters of a text, "" where nothing is."""
    for letter in text:
        if unicodedata.category(letter) in _INVISIBLE or letter == "\ufffd":
            return f"has the character U+{ord(letter):04X}, which nobody sees or writes"
        if letter.isspace() and letter != " ":
            return f"has the unusual space U+{ord(letter):04X}"
    if text != unicodedata.normalize("NFC", text):
        return "has a letter and its accent as two characters (write it in NFC)"
    return ""


def mixed_alphabets(text: str) -> str:
    """The first word with letters of two alphabets, "" where there is none."""
    for word in text.replace("-", " ").split():
        alphabets = {
            unicodedata.name(letter, "?").split()[0]
            for letter in word
            if letter.isalpha() and unicodedata.category(letter) != "Lm"
        }
        if len(alphabets) > 1:
            return word
    return ""


def _labels(draft: Draft) -> Iterator[Finding]:
    """The names that pages show: of the war and of its sides, and the speakers' roles."""
    fields = [(draft.file.top, "name")]
    fields += [(table, "name") for table in draft.sides]
    texts = [(table, field, table.text(field)) for table, field in fields]
    texts += [
        (table, "speakers", speaker.role)
        for actor, table in zip(draft.pack.actors, draft.actors, strict=True)
        for speaker in actor.speakers
    ]
    for table, field, text in texts:
        if reason := stray_characters(text):
            yield Finding.at(table, field, "characters", f"{text!r} {reason}", text)
        if word := mixed_alphabets(text):
            reason = f"{word!r} mixes alphabets"
            yield Finding.at(table, field, "mixed-alphabets", reason, text)


def _characters(spelling: Spelling) -> Iterator[Finding]:
    text = spelling.text
    if reason := stray_characters(text):
        yield spelling.finding("characters", f"{text!r} {reason}")
    if word := mixed_alphabets(text):
        yield spelling.finding("mixed-alphabets", f"{word!r} mixes alphabets")
    if len(spelling.key) < 2:
        yield spelling.finding("name-empty", f"{text!r} is too short to be found")


def _generic(spelling: Spelling) -> Iterator[Finding]:
    """Texts must write capitals where a name has them, so three of them are a name."""
    text = spelling.text
    words = text.split()
    if set(text.lower().split()) <= _GENERIC and (len(words) < 3 or not text.istitle()):
        yield spelling.finding("name-generic", f"{text!r} may mean any side's")
    if spelling.key in _COMMON_WORDS:
        yield spelling.finding("name-common-word", f"{text!r} is a common word too")


def _repeated(spellings: list[Spelling]) -> Iterator[Finding]:
    """One actor's spellings against each other; a person's two offices are no repetition."""
    seen: dict[str, list[Spelling]] = {}
    for spelling in spellings:
        for other in seen.setdefault(spelling.key, []):
            if other.kind == spelling.kind == "speaker" and other.speaker != spelling.speaker:
                continue
            if spelling.text == other.text:
                yield spelling.finding(
                    "name-repeated", f"{spelling.text!r} is there twice, as {other.kind} too"
                )
                break
            if _initials(spelling.text) == _initials(other.text):
                yield spelling.finding(
                    "same-key", f"{spelling.text!r} is found by {other.text!r} already"
                )
                break
        seen[spelling.key].append(spelling)


def _initials(text: str) -> list[bool]:
    """Which words begin with a capital: texts are compared by that too."""
    return [word[0].isupper() for word in text.replace("-", " ").split() if fold(word)]
