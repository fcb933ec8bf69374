"""A key of the API for a program on a server, without a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from claims.access.keys import Scope, make


class Command(BaseCommand):
    help = (
        "Make a key of the API for a user, who may do with it what he may do himself and its "
        "scopes name. The key alone is written to standard output, once: it is kept nowhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="The user's name.")
        parser.add_argument("name", help="What the key is for, e.g. the program's name.")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="What it may be used for; can be repeated (read).",
        )
        parser.add_argument("--days", type=int, help="After how many days it expires (never).")
        parser.add_argument("--rate", type=int, help="Requests a minute (CLAIMS_API_RATE).")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        try:
            row, key = make(
                by=User.objects.get(username=options["user"], is_active=True),
                name=options["name"],
                scopes=options["scope"] or [Scope.READ],
                expires_at=timezone.now() + timedelta(days=days) if days is not None else None,
                rate=options["rate"],
            )
        except User.DoesNotExist:
            raise CommandError(f"Nobody with an open account is called {options['user']}") from None
        except OverflowError:
            raise CommandError("--days is too large") from None
        except PermissionDenied as error:
            raise CommandError(f"{options['user']} has no role: {error}") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        ends = f"expires {row.expires_at:%Y-%m-%d}" if row.expires_at else "does not expire"
        self.stderr.write(f"{row}: {', '.join(row.scopes)}; {row.rate} requests a minute; {ends}")
        self.stdout.write(key)
