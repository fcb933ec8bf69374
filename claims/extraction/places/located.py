"""A town as a phrase of the text means it."""

from __future__ import annotations

from dataclasses import dataclass

from claims.extraction.records import PlaceRef
from claims.extraction.text.tokens import Token


@dataclass(frozen=True, slots=True)
class Located:
    """A town in a noun phrase: the token that names it, and the tokens around it that may
    tell a part of it."""

    place: PlaceRef
    token: Token
    around: tuple[Token, ...]
    part: str = ""
    token_names: bool = False  # the token is the town's name
