"""A place in the feed, as readers keep it: it holds for ever, whatever the filters."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

_KIND = b"n:"  # another kind of place would begin otherwise, and this one still be understood


def cursor_after(number: int) -> str:
    """What reads on after the change of this number; after 0, from the beginning."""
    return urlsafe_b64encode(_KIND + str(number).encode()).decode().rstrip("=")


def number_of(cursor: str) -> int:
    """The number after which a cursor reads on. Raises ValueError for what is none."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        told = urlsafe_b64decode(padded)
    except ValueError:  # not of that alphabet or length
        raise ValueError(cursor) from None
    digits = told.removeprefix(_KIND)
    if digits == told or not digits.isdigit() or len(digits) > 18:
        raise ValueError(cursor)
    if cursor_after(int(digits)) != cursor:
        raise ValueError(cursor)
    return int(digits)
