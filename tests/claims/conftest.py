"""Every answer of the API, in whichever test, is compared with its description."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import described


@pytest.fixture(autouse=True)
def _as_described(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Client.request

    def ask_and_check(client: Client, **request: Any) -> Any:
        response = ask(client, **request)
        if request["PATH_INFO"].startswith("/api/v1/"):
            described.check(request["REQUEST_METHOD"], response)
        return response

    monkeypatch.setattr(Client, "request", ask_and_check)
