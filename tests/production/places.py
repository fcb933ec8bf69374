"""Where what a container calls by one name is on this machine: folders, hosts, ports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """`known` maps a container's names to this machine's."""

    known: Mapping[str, str]

    def here(self, text: str) -> str:
        """`text` with every known name replaced, each once and the longest first."""
        names = sorted(self.known, key=len, reverse=True)
        pattern = "|".join(rf"{re.escape(name)}(?!\w)" for name in names)
        return re.sub(pattern, lambda match: self.known[match[0]], text)

    def all_here(self, words: Iterable[str]) -> list[str]:
        return [self.here(word) for word in words]

    def with_(self, more: Mapping[str, str]) -> Places:
        return Places({**self.known, **more})
