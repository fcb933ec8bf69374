"""How the programs of this project fail: one line on standard error and an exit code.

1 is a failure, 2 a wrong command line, 130 an interruption (Ctrl-C), 141 an output that nobody
reads any longer (`| head`). A traceback is only for whoever asks for it by `--traceback`.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable

from embedded.errors import EmbeddedError


def line(error: BaseException) -> str:
    """What to tell a person who did not write the program; never more than one line."""
    told = " ".join(str(error).split())
    match error:
        case EmbeddedError() | ImproperlyConfigured():
            return told
        case OperationalError():
            return f"database: {told}"
        case ProgrammingError() if isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
            return "database: its tables are not those of this version: run `manage.py migrate`"
        case OSError(filename=str() | bytes() | os.PathLike() as name, strerror=str() as reason):
            return f"{os.fsdecode(name)}: {reason}"
        case OSError(strerror=str() as reason):
            return f"{reason} (--traceback shows where)"
    kind = type(error).__qualname__
    return f"{': '.join(filter(None, (kind, told)))} (unexpected; --traceback shows where)"


def say(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """An exception hook (`sys.excepthook`) for a command line."""
    sys.stderr.write(f"{line(error)}\n")


def say_refusal(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """An exception hook that tells what is wrong with the installation in one line, and leaves
    the rest as it is."""
    hook = say if isinstance(error, EmbeddedError | ImproperlyConfigured) else sys.__excepthook__
    hook(kind, error, traceback)


@contextmanager
def refusing() -> Iterator[None]:
    """End the program with one line where the installation is at fault: for a server that
    imports the application and catches what that raises."""
    try:
        yield
    except (EmbeddedError, ImproperlyConfigured) as error:
        raise SystemExit(line(error)) from None


@contextmanager
def written_out() -> Iterator[None]:
    """Write out what the block has printed. Raises OSError where the output takes it no more."""
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError as error:
            # Else Python tries again at its end, and complains in words of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            error.filename = "standard output"
            raise


def warn_in_one_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """A format of warnings (`warnings.formatwarning`) for a command line."""
    return f"warning: {' '.join(str(message).split())}\n"


def install(*, traceback: bool) -> None:
    """Let this program fail, and warn, in one line; with `traceback`, as Python does."""
    if traceback:
        sys.excepthook = sys.__excepthook__
    else:
        sys.excepthook = say
        warnings.formatwarning = warn_in_one_line
