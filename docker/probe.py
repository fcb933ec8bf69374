"""Health checks of the containers, by the standard library alone so that they cost little.

usage: probe.py URL             healthy while the address answers with 200
       probe.py FILE SECONDS    healthy while the file was touched within so many seconds
"""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TIMEOUT = 4.0  # seconds: less than the container's own


def answer(url: str) -> str:
    """What is wrong with the web server; "" where nothing is."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:  # noqa: S310 - fixed in the image
            return "" if response.status == 200 else f"{url}: {response.status}"
    except urllib.error.HTTPError as error:
        return f"{url}: {error.code} {error.read(200).decode(errors='replace').strip()}"
    except OSError as error:
        return f"{url}: {error}"


def pulse(path: str, most: float) -> str:
    """What is wrong with a process that touches a file as long as it works; "" where nothing is."""
    try:
        age = time.time() - Path(path).stat().st_mtime
    except OSError as error:
        return f"{path}: {error.strerror}"
    return "" if age <= most else f"{path}: no sign of life for {age:.0f} s"


def main(arguments: list[str]) -> int:
    match arguments:
        case [url]:
            trouble = answer(url)
        case [path, seconds]:
            trouble = pulse(path, float(seconds))
        case _:
            trouble = __doc__ or ""
    sys.stdout.write(f"{trouble or 'healthy'}\n")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
