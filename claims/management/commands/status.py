"""Print the statuses that follow from towns' claims."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.status.cases import CaseError, load, shown
from claims.status.rule_sets import RULE_SETS, V1


class Command(BaseCommand):
    help = "Print, as JSON, the status bands that follow from the claims in CASES. No database."
    # The rules need neither tables nor the rest of the project to be in order.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "cases",
            metavar="CASES.json",
            help="a list of towns with sides, actors and claims; - is standard input",
        )
        parser.add_argument(
            "--rules",
            choices=list(RULE_SETS),
            default=V1.name,
            metavar="NAME",
            help=f"by which rule set, {V1.name} by default: {', '.join(RULE_SETS)}",
        )

    def handle(self, *, cases: str, rules: str, **options: object) -> None:
        name = "standard input" if cases == "-" else cases
        try:
            text = (sys.stdin.buffer.read() if cases == "-" else Path(cases).read_bytes()).decode()
            bands = [shown(case, RULE_SETS[rules]) for case in load(text)]
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{name}: not UTF-8 text ({error.reason})") from error
        except CaseError as error:
            raise CommandError(f"{name}: {error}") from error
        self.stdout.write(json.dumps(bands, ensure_ascii=False, indent=1))
