"""The codes of findings: how grave each is, what it means and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """An error must be mended; a warning may be meant so."""

    is_error: bool
    meaning: str


def _error(meaning: str) -> Code:
    return Code(is_error=True, meaning=meaning)


def _warning(meaning: str) -> Code:
    return Code(is_error=False, meaning=meaning)


CODES: dict[str, Code] = {
    "unreadable": _error(
        "The pack cannot be loaded: it is no TOML, a field is missing or of a wrong form, or it "
        "refers to what is not there."
    ),
    # names
    "name-repeated": _error(
        "One actor has the same spelling twice, in its names, demonyms, metonyms or speakers. "
        "Keep it where it belongs."
    ),
    "same-key": _warning(
        "Two spellings of one actor differ only by what names are compared without (accents, "
        "apostrophes, hyphens, capitals inside a word). One of them does nothing."
    ),
    "characters": _error(
        "A name has a character that nobody sees or writes: a control or zero-width character, "
        "an unusual space, a letter and its accent as two characters. It would never match."
    ),
    "mixed-alphabets": _error(
        "One word has letters of two alphabets, such as a Cyrillic а in a Latin name. It looks "
        "right and never matches."
    ),
    "name-generic": _warning(
        'A name made of words that any side has ("the army", "officials") would stand for this '
        "actor in every text of the war, whoever is meant. Add the word that tells which."
    ),
    "name-common-word": _warning(
        'An abbreviation that is a common word too ("WHO", "IS") matches that word where it '
        "begins a sentence."
    ),
    "name-empty": _error("A name without at least two letters or digits cannot be found."),
    "name-clash": _error(
        "One spelling stands for two actors of one war on the same day. Which of them a text "
        "means would be a matter of the order of keys. Leave it to the actor that is usually "
        "meant, or make both spellings fuller."
    ),
    "speaker-clash": _error(
        "One person, or two of one spelling, speaks for actors of two sides on the same day. "
        "Give dates, or a fuller spelling."
    ),
    "speaker-twice": _warning(
        "One person, or two of one spelling, speaks for two actors of one side (or for third "
        "parties) on the same day. Texts are read as if only one did: keep the one that is "
        "usually meant."
    ),
    "name-is-place": _warning(
        "An actor's or speaker's name is also a town of that war, or a part of one. A place that "
        "stands for an actor belongs in metonyms; a person of that spelling is not found."
    ),
    # sides
    "no-side": _error(
        "An actor of a war's pack is on no side. Give it one, write third_party = true, or move "
        "it to common.toml."
    ),
    "unused-side": _error("No actor is ever on this side."),
    "no-official": _error(
        "No actor of this side is official: nobody could concede a town for it, so that the other "
        "side never has one for certain."
    ),
    "official-kind": _error(
        "Units, cities, publishers, monitors, organisations and people cannot concede a town for "
        "a side: their word is never official."
    ),
    "not-official": _warning(
        "A state, government, ministry, army or region on a side of its own pack's war can usually "
        "concede a town: is official = true missing?"
    ),
    "parent-side": _error(
        "An actor and the one it belongs to are on different sides of a war at the same time."
    ),
    "allegiance-overlap": _error("An actor is on two sides of one war on the same day."),
    # dates
    "implausible-date": _error("A day before 1945 or in the future."),
    "speaker-undated": _warning(
        "The role is an office that passes from one to another, and neither since nor until says "
        "when the person had it."
    ),
    "office-overlap": _error(
        "Two people hold the same office of one actor on the same days (a day of handing over "
        "is none)."
    ),
    "speaker-outside": _warning(
        "The person speaks only on days when the actor is on none of its sides: one of the dates "
        "may be wrong."
    ),
    # colours
    "colour-contrast": _error(
        "A side's colour has a contrast of less than 3:1 against the pages' light or dark ground."
    ),
    "colour-distance": _error(
        "The colours of two sides of a war can hardly be told apart, by all eyes or by those "
        "without one of the three kinds of cones (CIEDE2000 below 10)."
    ),
    # regions and places
    "region-overlap": _error(
        "Two wars have the same region, or one has a part of the other's: a place would belong to "
        "whichever comes first."
    ),
    "region-unknown": _error("The gazetteer knows no such country or first-level division."),
    "region-empty": _error("The gazetteer has no place in the region."),
    "gazetteer-lost": _error(
        "A row of preferred.csv or districts.csv refers to a place that the gazetteer lacks, or "
        "places.csv was not written again after preferred.csv was changed."
    ),
    "gazetteer-repeated": _error("Two rows have one key, or name the same place twice."),
    "gazetteer-region": _error("A place lies in a first-level division that admin1.csv lacks."),
    "gazetteer-coordinates": _error("A place lies outside its country."),
    "gazetteer-far": _warning(
        "A place lies far from every other one of its first-level division, and much nearer to "
        "one of another: the division or the coordinates may be wrong."
    ),
}
