"""`python -m embedded run`: the whole application on this machine, for `make run`.
`python -m embedded stop|status|reset [yes|undo]`: for the make targets of these names.
`python -m embedded exec PROGRAM …`: a program with the embedded servers running."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import embedded
from embedded.errors import EmbeddedError
from embedded.layout import Layout
from embedded.postgres import Postgres
from embedded.valkey import Valkey


def main(arguments: list[str]) -> int:
    match arguments:
        case ["run"]:
            from embedded.run import run

            return run(Layout(embedded.PROJECT))
        case ["stop"]:
            from embedded.stop import stop

            return stop(Layout(embedded.PROJECT))
        case ["status"]:
            from embedded.status import status

            return status(Layout(embedded.PROJECT))
        case ["reset", "undo"]:
            from embedded.reset import undo

            return undo(Layout(embedded.PROJECT))
        case ["reset", *answer] if answer in ([], ["yes"]):
            from embedded.reset import reset

            return reset(Layout(embedded.PROJECT), confirmed=bool(answer))
        case ["exec", "--", *program] | ["exec", *program] if program:
            return execute(program)
        case ["keep", name, project]:  # started by a lease
            from embedded.keeper import keep_detached

            kinds = {kind.name: kind for kind in (Postgres, Valkey)}
            return keep_detached(kinds[name](Layout(Path(project))))
        case ["watch"]:  # started by run
            from embedded.watchdog import watch

            return watch()
    sys.stderr.write(f"{__doc__}\n")
    return 2


def execute(program: list[str]) -> int:
    """Turn into a program that holds the leases until it ends."""
    with embedded.servers() as leases:
        for lease in leases:
            lease.keep_over_exec()
        try:
            os.execvp(program[0], program)  # noqa: S606 - the person's own command
        except OSError as error:
            sys.stderr.write(f"{program[0]}: {error.strerror}\n")
    return 127


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
