"""Which world a database holds, said in a row of the database itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entities.models import Load

SOURCE = "world"  # of the row that says that a database holds a world


@dataclass(frozen=True, slots=True)
class Manifest:
    """`measured`: live claims of the towns that have exactly so many. `finished` is False of a
    world that is being made, or whose making was interrupted."""

    claims: int
    seed: int
    until: date
    measured: tuple[int, ...]
    finished: bool = False

    def write(self) -> None:
        towns = ",".join(map(str, self.measured))
        state = "finished" if self.finished else "begun"
        digest = f"{self.claims} {self.seed} {self.until} {towns} {state}"
        Load.objects.update_or_create(source=SOURCE, defaults={"digest": digest})


def read() -> Manifest | None:
    """None where the database holds no world, or one of an earlier version of the program."""
    said = Load.objects.filter(source=SOURCE).values_list("digest", flat=True).first()
    words = (said or "").split()
    if len(words) != 5:
        return None
    claims, seed, until, towns, state = words
    return Manifest(
        int(claims),
        int(seed),
        date.fromisoformat(until),
        tuple(map(int, towns.split(","))),
        state == "finished",
    )
