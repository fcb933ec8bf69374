"""Look for secrets in what is committed: keys, tokens, passwords in addresses or beside a name
that says so. Known places that hold none are in .secrets.baseline; anything else fails.

usage: python .ci/no_secrets.py [FILE …]     all files of the repository, where none is named
       python .ci/no_secrets.py --accept     write the baseline anew, after looking at each place
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from detect_secrets.core import baseline
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.plugins.base import RegexBasedDetector
from detect_secrets.plugins.keyword import DENYLIST as NAMES
from detect_secrets.settings import get_plugins, transient_settings

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / ".secrets.baseline"
# Data and what others wrote: places' names, the parsing model, hashes of packages, libraries.
LEFT_OUT = (
    *("claims/extraction/parser/", "entities/gazetteer/", "entities/packs/", "locale/"),
    *("requirements/", "static/base-map/", "static/vendor/", "tests/migrations/landed/"),
)
# Hashes and ids are what this repository is full of: randomness alone says nothing here.
BY_RANDOMNESS = {"Base64HighEntropyString", "HexHighEntropyString"}
NAMED = re.compile("|".join(NAMES), re.IGNORECASE)


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    names = (name for name in listed.stdout.split("\0") if name)
    return [n for n in names if not n.startswith(LEFT_OUT) and n != BASELINE.name]


def look(names: list[str]) -> SecretsCollection:
    found = SecretsCollection()
    found.scan_files(*filter(worth_a_look, names))
    return found


def worth_a_look(name: str) -> bool:
    """Whether anything in the file looks like a secret, or is named like one. A look at each
    line, by each detector, takes a minute for all files; at a whole file, moments."""
    try:
        text = Path(name).read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):  # no text; or deleted, and not yet committed
        return False
    by_form = (found for found in get_plugins() if isinstance(found, RegexBasedDetector))
    return bool(NAMED.search(text)) or any(
        form.search(text) for detector in by_form for form in detector.denylist
    )


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)  # files are named from there
    with transient_settings({"plugins_used": [{"name": name} for name in detectors()]}):
        if arguments == ["--accept"]:
            told = baseline.format_for_output(look(committed()))
            BASELINE.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
            return 0
        found = look(arguments or committed())
        known = baseline.load(json.loads(BASELINE.read_text(encoding="utf-8")), BASELINE.name)
        unknown = [secret for _, secret in found - known]
    for secret in unknown:
        print(f"{secret.filename}:{secret.line_number}: {secret.type}")
    if unknown:
        print("A real one must be revoked, for it is in the history; see .ci/no_secrets.py")
    return 1 if unknown else 0


def detectors() -> list[str]:
    """All kinds of secrets that detect-secrets knows, but for those told by randomness alone."""
    known = {kind.__name__ for kind in get_mapping_from_secret_type_to_class().values()}
    return sorted(known - BY_RANDOMNESS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
