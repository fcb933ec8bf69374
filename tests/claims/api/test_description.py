"""The API's description: valid, whole, and with examples that run."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from claims.api.describing import REFUSALS, description
from claims.api.examples import EXAMPLES, SITE, Example
from claims.derive import derive
from claims.review.decisions import decide
from tests import described
from tests.factories import make_claim, make_user
from tests.scenes import soledar

OPERATIONS = [
    (path, method, operation)
    for path, methods in description().content["paths"].items()
    for method, operation in methods.items()
]
RUN = [
    pytest.param(path, example, id=f"{operation['operationId']}-{number}")
    for path, _, operation in OPERATIONS
    for number, example in enumerate(EXAMPLES.get(operation["operationId"], ()))
]


def test_it_is_openapi_3_1() -> None:
    content = description().content
    assert content["openapi"] == "3.1.0"
    validate(content, cls=OpenAPIV31SpecValidator)


def test_it_is_made_without_warnings(tmp_path: Path) -> None:
    file = tmp_path / "schema.yml"
    call_command("spectacular", validate=False, fail_on_warn=True, file=str(file))
    assert "/api/v1/towns/{id}/timeline/:" in file.read_text()


def test_each_operation_has_a_name_of_its_own_and_a_summary() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert [path for path, _, operation in OPERATIONS if not operation.get("summary")] == []


@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[o[2]["operationId"] for o in OPERATIONS]
)
def test_refusals_are_described(path: str, method: str, operation: dict[str, Any]) -> None:
    wanted = set(REFUSALS) - ({404} if "{" not in path else set())
    wanted -= {413, 415} if "requestBody" not in operation else set()
    assert {str(status) for status in wanted} <= operation["responses"].keys()
    good = [status for status in operation["responses"] if status.startswith("2")]
    assert good
    if method == "get":
        assert "304" in operation["responses"]
        assert {"ETag", "Last-Modified"} <= operation["responses"]["200"]["headers"].keys()


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "example"), RUN)
def test_examples_run(client: Client, path: str, example: Example) -> None:
    """As a program would run them, in the town of the demo."""
    soledar()
    told: dict[str, Any] = {
        "place": "Bakhmut",
        "asserted_on": date(2023, 1, 10),
        "state": "accepted",
    }
    make_claim(**told)
    denied = {"claimant": "Ukraine", "subject": "Wagner Group", "stance": "denies"}
    contested = make_claim(**told | denied)
    derive({contested.place_id})
    decide(claim=make_claim(asserted_on=date(2023, 1, 10)), by=make_user(), kind="accept")
    client.force_login(make_user(superuser=True))
    if example.fixed:
        path = re.sub(r"{\w+}", example.fixed, path)
    elif example.found_by:
        found = client.get(example.found_by)
        assert found.status_code == 200, found.content
        row = found.json()["results"][0]
        for word in re.findall(r"\w+", example.at.partition("[0]")[2]):
            row = row[word]
        path = re.sub(r"{\w+}", str(row), path)
    response = client.get(f"{path}{example.query}")
    assert response.status_code == 200, getattr(response, "content", "")
    if described.form(response) == "application/json":
        answer = response.json()
        assert answer.get("results", [answer]), "an example that shows nothing"


def test_an_example_is_a_shell_s_line() -> None:
    example = Example("A town", "?known_on=2023-01-12", "/api/v1/towns/?search=Soledar")
    assert example.curl("/api/v1/towns/{id}/status/") == (
        f"ID=$(curl -s '{SITE}/api/v1/towns/?search=Soledar' | jq -r '.results[0].id')\n"
        f'curl "{SITE}/api/v1/towns/$ID/status/?known_on=2023-01-12"'
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ("known_on", "towns_timeline_retrieve", "documents_list"),
        ("KNOWN_ON  timeline", "towns_timeline_retrieve", "towns_status_retrieve"),
    ],
)
def test_the_page_finds_by_words(client: Client, asked: str, shown: str, hidden: str) -> None:
    page = client.get("/api/", {"q": asked}).content.decode()
    assert f'id="{shown}"' in page
    assert f'id="{hidden}"' not in page


@pytest.mark.django_db
def test_the_page_says_that_nothing_is_found(client: Client) -> None:
    page = client.get("/api/", {"q": "<b>xyzzy"}).content.decode()
    assert "Nothing has all of these words: &lt;b&gt;xyzzy" in page


@pytest.mark.django_db
def test_the_page_has_examples_of_this_site_and_tells_of_problems(client: Client) -> None:
    page = client.get("/api/").content.decode()
    assert "curl &#x27;http://testserver/api/v1/towns/?search=Soledar&#x27;" in page
    assert SITE not in page
    for kind in ("parameters", "fields", "outdated", "failure"):
        assert f'id="problem-{kind}"' in page
