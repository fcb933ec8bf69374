"""Rule sets: the rules that statuses follow by, and variants of them to compare with.

All share the five rules; a set says with which settings, and whose words they hear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from claims.status.records import DEFAULTS, VERSION, Settings

Voices = Literal["all", "actors", "officials"]
Conceding = Literal["officials", "anybody"]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`name` stands on every interval that follows by it.

    `voices`: whose words count: all; actors', without publishers' own; or those of the sides'
    official actors alone. `conceding`: who can concede a town for its side: its official
    actors, or any actor of it. An unnamed speaker never can, nor counts as official.
    """

    name: str
    settings: Settings = DEFAULTS
    voices: Voices = "all"
    conceding: Conceding = "officials"


V1 = RuleSet(VERSION)
VARIANTS = (
    replace(V1, name="repeat-90", settings=replace(DEFAULTS, repeat_within=90)),
    replace(V1, name="no-publishers", voices="actors"),
    replace(V1, name="officials", voices="officials"),
    replace(V1, name="any-concedes", conceding="anybody"),
)
RULE_SETS: Mapping[str, RuleSet] = {rules.name: rules for rules in (V1, *VARIANTS)}
