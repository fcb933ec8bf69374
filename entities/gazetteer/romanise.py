"""Romanisation of Ukrainian and Russian place names, used to build the gazetteer.

GeoNames writes Ukrainian names by BGN/PCGN ("Avdiyivka", "Syevyerodonets'k"), English
writing of today by the Ukrainian cabinet's table of 2010 ("Avdiivka", "Sievierodonetsk").
The Cyrillic form, which GeoNames has among the other names, gives either.
"""

from __future__ import annotations

_VOWELS = frozenset("аеєиіїоуюяыэё")

_UKRAINIAN_2010 = dict(
    zip(
        "абвгґдежзиійклмнопрстуфхцчшщ",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
        ],
        strict=True,
    )
) | {"є": "ie", "ї": "i", "ю": "iu", "я": "ia", "ь": "", "'": "", "’": "", "ʼ": ""}
_UKRAINIAN_2010_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

_UKRAINIAN_BGN = _UKRAINIAN_2010 | {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya", "ь": "'"}

_RUSSIAN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщыэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "y",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
) | {"ё": "yo", "ь": "", "ъ": ""}


def is_ukrainian(word: str) -> bool:
    """Whether a Cyrillic word can be Ukrainian: no letter that only other languages have."""
    return all(letter in _UKRAINIAN_2010 or not letter.isalpha() for letter in word.casefold())


def is_russian(word: str) -> bool:
    """Whether a Cyrillic word can be Russian: no letter that only other languages have."""
    return all(letter in _RUSSIAN or not letter.isalpha() for letter in word.casefold())


def ukrainian_to_english(word: str) -> str:
    """The romanisation of 2010, the usual English spelling: "Авдіївка" is "Avdiivka"."""
    return _by_table(word.replace("зг", "zgh"), _UKRAINIAN_2010, _UKRAINIAN_2010_INITIAL)


def ukrainian_to_bgn(word: str) -> str:
    """The romanisation of GeoNames' main names: "Авдіївка" is "Avdiyivka"."""
    return _by_table(word, _UKRAINIAN_BGN, {})


def russian_to_english(word: str) -> str:
    """The newspapers' romanisation of Russian: "Авдеевка" is "Avdeyevka"."""
    lowered = word.casefold()
    letters = []
    for index, letter in enumerate(lowered):
        before = lowered[index - 1] if index else " "
        if letter == "е" and (before in _VOWELS or before in "ьъ" or not before.isalpha()):
            latin = "ye"
        elif letter in "иы" and lowered[index + 1 : index + 2] == "й":
            latin = ""
        else:
            latin = _RUSSIAN.get(letter, letter)
        letters.append(_as_cased(latin, word[index]))
    return "".join(letters)


def _by_table(word: str, table: dict[str, str], initial: dict[str, str]) -> str:
    letters = []
    for index, letter in enumerate(word):
        low = letter.casefold()
        starts = index == 0 or not (word[index - 1].isalpha() or word[index - 1] in "'’ʼ")
        latin = initial.get(low, table.get(low, low)) if starts else table.get(low, low)
        letters.append(_as_cased(latin, letter))
    return "".join(letters)


def _as_cased(latin: str, original: str) -> str:
    return latin.capitalize() if original.isupper() else latin
