"""`manage.py status`: cases in, bands out, and nothing of the database."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.claims.status.test_cases import claim, made_up

EXPECTED = [
    {
        "town": "Bluetown",
        "bands": [
            {"from": "2030-02-01", "status": "unknown", "rule": 5},
            {"from": "2030-03-01", "status": "claimed red", "rule": 4},
            {"from": "2030-03-05", "status": "controlled red", "rule": 1},
        ],
    }
]


def test_prints_the_bands_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps([made_up()]))
    call_command("status", str(cases))
    assert json.loads(capsys.readouterr().out) == EXPECTED


def test_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = io.BytesIO(json.dumps([made_up()]).encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(cases))
    call_command("status", "-")
    assert json.loads(capsys.readouterr().out) == EXPECTED


def test_other_rules_can_be_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.json"
    held = claim("2030-03-01", "Gazette", "holds", subject_side="red")
    cases.write_text(json.dumps([made_up(claims=[held])]))
    for rules, status in (("v1", "claimed red"), ("no-publishers", "unknown")):
        call_command("status", str(cases), rules=rules)
        (town,) = json.loads(capsys.readouterr().out)
        assert town["bands"][-1]["status"] == status
    with pytest.raises(CommandError, match="invalid choice: 'v2'"):
        call_command("status", str(cases), "--rules", "v2")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory"),
        (b"\xff", "not UTF-8 text (invalid start byte)"),
        (b"nothing", "line 1: not JSON: Expecting value"),
        (json.dumps([made_up(claims=[{}])]).encode(), "Bluetown: claims[0]: asserted_on: "),
    ],
)
def test_bad_input_is_one_line_with_the_file(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    cases = tmp_path / "cases.json"
    if content is not None:
        cases.write_bytes(content)
    with pytest.raises(CommandError) as raised:
        call_command("status", str(cases))
    assert str(raised.value).startswith(f"{cases}: {message}")
    assert "\n" not in str(raised.value)
    assert raised.value.returncode == 1
