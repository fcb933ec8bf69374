"""The API against its description, by what nobody thinks of: schemathesis, with all its checks,
on a server that runs.

    python -m benchmarks.fuzz http://127.0.0.1:8000 cck_… [--examples 20] [--seed 1]
        [--phases coverage,fuzzing] [--header "X-Forwarded-Proto: https"]

The server should be one for trials, with rows in it: the key's scopes say what is tried, and what
can be written is. It must let the key send many requests (CLAIMS_API_RATE).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

# What is a matter of rows (a town's name, a list's cursor) is valid by its form alone.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 413, 415, 429]
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0] if __doc__ else None)
    parser.add_argument("site", help="where the server is")
    parser.add_argument("key", help="a key of the API")
    parser.add_argument("--examples", type=int, default=20, help="for each operation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", default="coverage,fuzzing", help="of schemathesis")
    parser.add_argument("--header", action="append", default=[], help="sent with each request")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "schemathesis.toml"
        settings.write_text(SETTINGS)
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings), "run"),
            *(f"{given.site.rstrip('/')}/api/schema/", "--checks", "all"),
            *("--phases", given.phases, "--continue-on-failure"),
            *(word for header in given.header for word in ("-H", header)),
            *("-H", f"Authorization: Bearer {given.key}", "--seed", str(given.seed)),
            *("--max-examples", str(given.examples)),
        ]
        return subprocess.run(command, cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(main())
