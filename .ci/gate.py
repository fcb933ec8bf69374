"""The quality gate: named steps, each announced and timed. All of them run, even after one has
failed; the exit code says whether any did.

usage: python .ci/gate.py check|test …
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the virtual environment. `only_if`: left out where this file is not there."""

    name: str
    command: str
    only_if: str = ""

    @property
    def present(self) -> bool:
        return not self.only_if or (ROOT / self.only_if).exists()


STEPS = {
    "check": (
        Step("lint", "ruff check ."),
        Step("format", "ruff format --check ."),
        Step("types", "mypy ."),
        Step("imports", "lint-imports --no-logo"),
        Step("templates", "djlint --lint --quiet templates"),
        Step("Dockerfile", "hadolint Dockerfile", only_if="Dockerfile"),
        Step("packs", "python manage.py check_packs"),
        Step("migrations made", "python manage.py makemigrations --check --dry-run"),
        Step("secrets", "python .ci/no_secrets.py"),
        Step("advisories", "python .ci/advisories.py requirements/dev.txt"),
    ),
    "test": (
        Step("tests", "pytest -n 3 --dist loadfile --no-loadscope-reorder --cov --durations=15"),
    ),
}


def run(step: Step) -> tuple[bool, float]:
    """Whether the step passed, and how many seconds it took."""
    print(f"\n── {step.name}: {step.command}", flush=True)
    program, *arguments = step.command.split()
    began = time.monotonic()
    ended = subprocess.run([BIN / program, *arguments], cwd=ROOT, check=False)
    seconds = time.monotonic() - began
    if ended.returncode:
        print(f"── {step.name} FAILED with exit code {ended.returncode}", flush=True)
    return ended.returncode == 0, seconds


def main(groups: list[str]) -> int:
    if not groups or set(groups) - STEPS.keys():
        print(__doc__, file=sys.stderr)
        return 2
    results = {step: run(step) for group in groups for step in STEPS[group] if step.present}
    print()
    for step, (passed, seconds) in results.items():
        print(f"{'passed' if passed else 'FAILED'} {seconds:7.1f} s  {step.name}")
    failed = [step.name for step, (passed, _) in results.items() if not passed]
    print(f"{sum(seconds for _, seconds in results.values()):14.1f} s  in all")
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
