"""Tables of the local copy for pandas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from conflict_claims.local import Copy

if TYPE_CHECKING:
    from pandas import DataFrame

Table = Literal["claims", "statuses"]
_DAYS = {
    "claims": ("asserted_on", "event_date"),
    "statuses": ("first_day", "last_day", "last_word_on"),
}
_TIMES = {"claims": ("published", "changed_at"), "statuses": ("changed_at",)}
_FLAGS = {"claims": ("counts",), "statuses": ("include_pending",)}
_LISTS = {"claims": (), "statuses": ("sides", "deciding")}
_SQL = {
    "claims": "SELECT * FROM claims {} ORDER BY asserted_on, id",
    "statuses": "SELECT * FROM statuses {} ORDER BY town_id, include_pending, part, first_day",
}
_STANDING = {"claims": "WHERE counts", "statuses": ""}


def frame(copy: Copy, table: Table, *, standing: bool) -> DataFrame:
    """The table's rows, a column each as in the file but for `record`. Days and times are
    `datetime64` (times in UTC), flags booleans, lists lists. `standing`: claims that count now
    alone. Raises ImportError without pandas, ValueError for a table that there is not."""
    import pandas as pd

    if table not in _SQL:
        raise ValueError(f"No such table: {table!r}; there are {', '.join(_SQL)}")
    sql = _SQL[table].format(_STANDING[table] if standing else "")
    found = pd.read_sql_query(sql, copy.db).drop(columns="record")
    for name in _DAYS[table]:
        found[name] = pd.to_datetime(found[name], format="%Y-%m-%d")
    for name in _TIMES[table]:
        found[name] = pd.to_datetime(found[name], format="ISO8601", utc=True)
    for name in _FLAGS[table]:
        found[name] = found[name].astype(bool)
    for name in _LISTS[table]:
        found[name] = [json.loads(value) for value in found[name]]
    return found
