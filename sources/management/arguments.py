"""What several commands take from their command lines."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import datetime

from sources.adapters.raw import parse_time


def time(value: str) -> datetime:
    """An ISO 8601 time or day, as `parse_time` takes it."""
    try:
        return parse_time(value)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
