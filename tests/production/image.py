"""The image's content without an engine: the files that a build sees, a Python environment of
the packages that requirements/production.txt names and no other, and what the build runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path

from packaging.requirements import Requirement

from tests.production import dockerfile
from tests.production.compose import ROOT
from tests.production.places import Places

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
LOCK = ROOT / "requirements" / "production.txt"


@dataclass(slots=True)
class Image:
    """`places` says where the container's folders are on this machine."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    check: tuple[str, ...] = ()

    @property
    def app(self) -> Path:
        return self.root / "app"

    @property
    def venv(self) -> Path:
        return self.root / "venv"

    @property
    def places(self) -> Places:
        return Places({"/app": str(self.app), "/opt/venv": str(self.venv)})

    def files(self) -> set[str]:
        """All files of the application and its environment."""
        paths = [*self.app.rglob("*"), *self.venv.rglob("*")]
        return {str(path) for path in paths if path.is_file()}


def build(root: Path) -> Image:
    """Build the image's content in the folder `root`."""
    base, build_stage, final = dockerfile.read()
    image = Image(root)
    image.environment = {
        name: image.places.here(value).replace("$PATH", SYSTEM_PATH)
        for name, value in dockerfile.environment([base, final]).items()
    }
    image.command = final.all("CMD")[0].words
    image.check = health_check(final)
    for name in dockerfile.context():
        target = image.app / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    environment_of_production(image.venv)
    for step in build_stage.all("RUN"):
        if "pip" not in step.text:
            run = ["sh", "-ec", step.text]
            subprocess.run(run, cwd=image.app, env=image.environment, check=True, text=True)
    return image


def health_check(stage: dockerfile.Stage) -> tuple[str, ...]:
    """The command of HEALTHCHECK, which stands behind its options."""
    _, _, test = stage.all("HEALTHCHECK")[0].text.partition("CMD ")
    return dockerfile.stages(f"FROM scratch\nCMD {test}")[0].all("CMD")[0].words


def environment_of_production(folder: Path) -> None:
    """A virtual environment whose packages are links to this one's, as far as production locks
    them: what else is installed here cannot be imported there."""
    venv.create(folder, symlinks=True, with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    for distribution in locked():
        for name in {file.parts[0] for file in distribution.files or () if file.parts[0] != ".."}:
            if name != "__pycache__" and not (packages / name).exists():
                (packages / name).symlink_to(Path(str(distribution.locate_file(name))))
        for script in distribution.entry_points.select(group="console_scripts"):
            _write_script(folder / "bin", script)


def locked() -> list[Distribution]:
    """The installed packages that requirements/production.txt locks for this Python. Raises
    LookupError where one is missing or of another version."""
    installed = {_plain(each.metadata["Name"]): each for each in distributions()}
    lines = [line.rstrip(" \\") for line in LOCK.read_text().splitlines() if "==" in line]
    found = []
    for requirement in map(Requirement, lines):
        if requirement.marker and not requirement.marker.evaluate():
            continue
        distribution = installed.get(_plain(requirement.name))
        if distribution is None or distribution.version not in requirement.specifier:
            raise LookupError(f"{requirement} is locked, and not what is installed here")
        found.append(distribution)
    return found


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _write_script(folder: Path, script: EntryPoint) -> None:
    path, name = folder / script.name, script.attr.partition(".")[0]
    path.write_text(
        f"#!{folder}/python\nimport sys\nfrom {script.module} import {name}\n"
        f"sys.exit({script.attr}())\n"
    )
    path.chmod(0o755)
