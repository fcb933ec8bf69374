"""The feed of changes: numbers for what is committed, and reading by them.

Database triggers note each change of a claim or a status in the transaction that makes it
(`claims.models.changes`). `numbered` gives those that are committed their places; everybody who
reads calls it first, and the worker's sweep does.
"""

from claims.feed.cursors import cursor_after, number_of
from claims.feed.filters import EVERYTHING, Within
from claims.feed.numbering import last_number, numbered, some_wait
from claims.feed.reading import changes_after, counts, told
from claims.feed.updates import deleted, told_deleted, updated

__all__ = [
    "EVERYTHING",
    "Within",
    "changes_after",
    "counts",
    "cursor_after",
    "deleted",
    "last_number",
    "number_of",
    "numbered",
    "some_wait",
    "told",
    "told_deleted",
    "updated",
]
