"""Report known vulnerabilities of the locked packages. News from outside never fails a run, so
the exit code is 0 whatever is found.

usage: python .ci/advisories.py LOCK-FILE
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LIMIT = 90  # seconds for all of it; without a network it must not hold anything up
PROGRAM = Path(sys.executable).with_name("pip-audit")
OPTIONS = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]


def audit(lock_file: str) -> list[dict] | str:
    """What the advisory service says of each package, or why it says nothing."""
    command = [PROGRAM, *OPTIONS, "--timeout", "10", "--requirement", lock_file]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {LIMIT} s"
    try:
        return json.loads(ended.stdout)["dependencies"]
    except ValueError:
        return (ended.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]


def main(lock_file: str) -> int:
    answer = audit(lock_file)
    if isinstance(answer, str):
        print(f"NOT AUDITED: the advisory service cannot be reached ({answer})")
        return 0
    known = [package for package in answer if "skip_reason" not in package]
    if not known:
        print(
            "NOT AUDITED: no advisory service can be reached from here: the index answers for"
            f" none of the {len(answer)} locked packages"
        )
        return 0
    for package in answer:
        if "skip_reason" in package:
            print(f"not audited: {package['name']}: {package['skip_reason']}")
        for found in package.get("vulns", []):
            fixed = ", ".join(found["fix_versions"]) or "no release yet"
            print(f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}")
    count = sum(len(package["vulns"]) for package in known)
    print(f"{count} known vulnerabilities in {len(known)} of {len(answer)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
