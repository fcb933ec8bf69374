"""What an article has to be to be read: English text."""

from __future__ import annotations

from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE = 1200  # characters from the middle: beginnings hold datelines and foreign names
_FEWEST = 60  # letters; of less no language is told
_SURE = 0.95
LONGEST = 400_000  # characters; more is no article
MOST_LINES = 20_000  # each costs a parse and some 10 kB


def unreadable(text: str) -> str | None:
    """Why an article is set aside unread, in words; None where it can be read."""
    letters = sum(map(str.isalpha, text[: 2 * _SAMPLE]))
    if not text.strip():
        return "no text"
    if len(text) > LONGEST:
        return f"{len(text):,} characters: longer than an article, at most {LONGEST:,} are read"
    lines = sum(1 for line in text.splitlines() if line.strip())
    if lines > MOST_LINES:
        return f"{lines:,} lines: more than an article has, at most {MOST_LINES:,} are read"
    if not letters and not any(map(str.isalpha, text)):
        return "no words"
    if letters < _FEWEST:
        return None
    middle = max(0, (len(text) - _SAMPLE) // 2)
    language, probability = _identifier().classify(text[middle : middle + _SAMPLE])
    if language == "en" or probability < _SURE:
        return None
    return f"not in English: its language is taken for {language!r} (ISO 639)"


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
