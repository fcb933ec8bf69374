"""What a person is told when a program of the project fails."""

from __future__ import annotations

import errno
import io
import sys
import warnings

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError
from psycopg.errors import SyntaxError as WrongSql
from psycopg.errors import UndefinedTable

from config import failures
from embedded.errors import EmbeddedError

HINT = "(unexpected; --traceback shows where)"


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (EmbeddedError("var/: Read-only file system"), "var/: Read-only file system"),
        (ImproperlyConfigured("X is\n 'y'"), "X is 'y'"),
        (OperationalError("refused\n\tIs it running?"), "database: refused Is it running?"),
        (
            caused(ProgrammingError('relation "x" does not exist'), UndefinedTable()),
            "database: its tables are not those of this version: run `manage.py migrate`",
        ),
        (
            caused(ProgrammingError("near SELEC"), WrongSql()),
            f"ProgrammingError: near SELEC {HINT}",
        ),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "a/b"), "a/b: Is a directory"),
        (PermissionError(errno.EACCES, "Permission denied", b"a/b"), "a/b: Permission denied"),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "No space left on device (--traceback shows where)",
        ),
        (
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0:"
            f" invalid start byte {HINT}",
        ),
        (KeyError("town"), f"KeyError: 'town' {HINT}"),
        (ZeroDivisionError(), f"ZeroDivisionError {HINT}"),
    ],
)
def test_an_error_is_one_line(error: Exception, line: str) -> None:
    assert failures.line(error) == line


def test_a_server_that_imports_the_application_ends_with_the_line() -> None:
    with pytest.raises(SystemExit) as ended, failures.refusing():
        raise ImproperlyConfigured("X is 'y'")
    assert ended.value.code == "X is 'y'"


def test_celery_tells_what_is_wrong_with_settings_in_one_line_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = []
    monkeypatch.setattr(sys, "__excepthook__", lambda *error: whole.append(error))
    failures.say_refusal(ImproperlyConfigured, ImproperlyConfigured("X is 'y'"), None)
    assert (capsys.readouterr().err, whole) == ("X is 'y'\n", [])
    error = ValueError("made up")
    failures.say_refusal(ValueError, error, None)
    assert (capsys.readouterr().err, whole) == ("", [(ValueError, error, None)])


def test_a_warning_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    failures.install(traceback=False)
    said = warnings.formatwarning(
        RuntimeWarning("refused\n\tIs it running?"), RuntimeWarning, "", 1
    )
    assert said == "warning: refused Is it running?\n"


@pytest.mark.parametrize(("traceback", "hook"), [(True, sys.__excepthook__), (False, failures.say)])
def test_only_who_asks_gets_a_traceback(
    monkeypatch: pytest.MonkeyPatch, traceback: bool, hook: object
) -> None:
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    monkeypatch.setattr(sys, "excepthook", None)
    failures.install(traceback=traceback)
    assert sys.excepthook is hook


def test_what_is_printed_is_written_out_before_success_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    with failures.written_out():
        sys.stdout.write("towns")
    assert out.buffer.getvalue() == b"towns"
