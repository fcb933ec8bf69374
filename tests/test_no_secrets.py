"""The gate's look for secrets, at files made here."""

from __future__ import annotations

import secrets
import string
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

# Put together here, so that this file holds none itself.
KEY = "AKIA" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(16))
PLANTED = {
    "AWS Access Key": f'client("{KEY}")\n',
    "Private Key": "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEow\n",
    "Basic Auth Credentials": "fetch('https://ann:" + "correct-horse@courier.example/')\n",
    "Secret Keyword": "SMTP_PASS" + f"WORD = '{secrets.token_hex(8)}'\n",
}


def look(file: Path) -> subprocess.CompletedProcess[str]:
    program = settings.BASE_DIR / ".ci" / "no_secrets.py"
    return subprocess.run(
        [sys.executable, program, file], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("kind", PLANTED)
def test_a_secret_is_found_and_not_repeated(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "planted.py"
    file.write_text(f"import fetching\n\n{PLANTED[kind]}")
    done = look(file)
    assert done.returncode == 1
    assert f"{file}:3: {kind}\n" in done.stdout
    assert KEY not in done.stdout + done.stderr


def test_what_is_none_is_let_through(tmp_path: Path) -> None:
    file = tmp_path / "plain.py"
    file.write_text("password = form.cleaned_data['password']\nid = '0193b6c7'\n")
    assert (look(file).returncode, look(file).stdout) == (0, "")
