"""Rows that say why they failed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext


class InWords:
    """Of a row with `error`, a sentence as it is kept, and `error_values`, what goes into it: so
    that it can be said in any language."""

    error: Any
    error_values: Any

    @property
    def error_in_words(self) -> str:
        """In the reader's language, where it has been translated; "" where nothing failed."""
        told = gettext(self.error) if self.error else ""
        return told % self.error_values if self.error_values else told
