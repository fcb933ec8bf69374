"""Print which towns another rule set would show otherwise than v1 does."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.flips import Flip, as_data, claimed_towns, flips, text
from claims.status.records import Interval
from claims.status.rule_sets import RULE_SETS, V1, VARIANTS
from entities.models import Conflict


def day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"{value!r} is no day (YYYY-MM-DD)") from error


class Command(BaseCommand):
    help = (
        "Print which towns the rule set NAME would show otherwise than v1 does, from what to "
        "what, by which rule and which claims. Nothing is written. Towns are read 50 at a time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        names = [rules.name for rules in VARIANTS]
        parser.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
        parser.add_argument("--conflict", metavar="SLUG", help="only this conflict's towns")
        parser.add_argument(
            "--include-pending", action="store_true", help="count claims not yet verified as well"
        )
        parser.add_argument("--on", type=day, metavar="DAY", help="YYYY-MM-DD; by default today")
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        on = options["on"] or timezone.localdate()
        include_pending = options["include_pending"]
        towns = claimed_towns(include_pending=include_pending)
        if slug := options["conflict"]:
            if not Conflict.objects.filter(slug=slug).exists():
                raise CommandError(f"there is no conflict {slug!r}")
            towns = towns.filter(conflict__slug=slug)
        compared = towns.count()
        found = flips(towns, RULE_SETS[name], on=on, include_pending=include_pending)
        asked = {"rules": name, "beside": V1.name, "on": on.isoformat(), "conflict": slug or None}
        asked |= {"include_pending": include_pending, "compared": compared}
        if options["json"]:
            self._as_json(asked, found)
        else:
            self._in_words(name, on, compared, found)

    def _in_words(self, name: str, on: date, compared: int, found: Iterable[Flip]) -> None:
        count = 0
        for flip in found:
            count += 1
            conflict = f" ({flip.place.conflict.slug})" if flip.place.conflict else ""
            self.stdout.write(f"{flip.place}{conflict}")
            for rules, interval in ((V1.name, flip.before), (name, flip.after)):
                self.stdout.write(f"  {rules}: {_told(interval)}")
                for claim in flip.deciding(interval):
                    self.stdout.write(f"    {claim.asserted_on} {claim.label}")
        self.stdout.write(f"{count} of {compared} towns flip from {V1.name} to {name} on {on}")

    def _as_json(self, asked: dict[str, Any], found: Iterable[Flip]) -> None:
        """Town by town: no list of all of them is held."""
        opening = json.dumps({**asked, "flips": []}, ensure_ascii=False).removesuffix("]}")
        self.stdout.write(opening, ending="")
        separator = "\n"
        for flip in found:
            self.stdout.write(separator + json.dumps(as_data(flip), ensure_ascii=False), ending="")
            separator = ",\n"
        self.stdout.write("]}")


def _told(interval: Interval | None) -> str:
    if interval is None:
        return text(None)
    return f"{interval.text()} since {interval.start}, rule {interval.rule}"
