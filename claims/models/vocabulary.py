"""Columns that hold the words of one vocabulary."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, get_args

from django.db import models

if TYPE_CHECKING:
    Word = TypeVar("Word")
    Words = models.CharField[Word, Word]  # a column of the words of one vocabulary


def choices(vocabulary: object) -> list[tuple[str, str]]:
    return [(word, word) for word in get_args(vocabulary)]
