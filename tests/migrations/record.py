"""Record what stands at a landing: `make landed NAME=first-light`.

The data are the tests' town with some decisions on its claims, made by the code as it stands.
"""

from __future__ import annotations

import os
import sys

import django

USAGE = "usage: python -m tests.migrations.record NAME   (letters, digits and dashes)"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0].replace("-", "").isalnum():
        print(USAGE, file=sys.stderr)  # noqa: T201
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import embedded
    from tests.migrations.states import LANDED, empty_database

    if (LANDED / arguments[0]).exists():
        print(f"{arguments[0]} is recorded already", file=sys.stderr)  # noqa: T201
        return 1
    with embedded.servers(), empty_database():
        record(arguments[0])
    return 0


def record(name: str) -> None:
    """In an empty database."""
    from django.core.management import call_command

    from tests.migrations.shown import shown
    from tests.migrations.states import State, dump, leaves, migration_files, write

    call_command("migrate", verbosity=0)
    make_data()
    write(State(name, leaves(), migration_files(), shown()), dump())


def make_data() -> None:
    """A town with claims of all kinds, and every kind of decision taken on one of them."""
    from django.contrib.auth.models import User

    from claims.models import Claim
    from claims.review.decisions import decide
    from tests.scenes import soledar

    soledar()
    editor = User.objects.create_user("editor", is_staff=True)
    pending = iter(Claim.objects.filter(state=Claim.State.PENDING).order_by("asserted_on", "id"))
    first, second, third = next(pending), next(pending), next(pending)
    decide(claim=first, kind="accept", by=editor)
    decide(claim=first, kind="unverifiable", by=editor)
    decide(claim=second, kind="reject", by=editor, reason="The text does not say so.")
    decide(claim=third, kind="correct", by=editor, values={"speaker": "a spokesman"})
    decide(claim=third, kind="reopen", by=editor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
