"""Which task waits where."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from kombu import Connection

from claims.tasks import extract, take_in
from config import queues
from config.celery import app


def queue_of(task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


def test_each_task_has_its_queue() -> None:
    app.loader.import_default_modules()
    # Celery's own are no work, and other tests have made some.
    ours = [name for name in app.tasks if not name.startswith(("celery.", "tests."))]
    assert {name: queue_of(name) for name in ours if name.startswith("claims.")} == {
        "claims.tasks.decide_batches": "default",
        "claims.tasks.derive_statuses": "default",
        "claims.tasks.extract": "extraction",
        "claims.tasks.make_export": "files",
        "claims.tasks.make_release": "files",
        "claims.tasks.number_changes": "default",
        "claims.tasks.send_deliveries": "fetching",
        "claims.tasks.sweep": "default",
        "claims.tasks.take_in": "fetching",
        "claims.tasks.tell_webhooks": "default",
    }
    others = {name: queue_of(name) for name in ours if not name.startswith("claims.")}
    assert others
    assert all(name.startswith("sources.tasks.") for name in others)
    assert set(others.values()) == {"fetching"}


def test_sweeps_do_not_pile_up_where_no_worker_takes_them() -> None:
    """Older ones find nothing that a younger one does not."""
    sweep = app.conf.beat_schedule["extraction-sweep"]
    assert sweep["options"] == {"expires": 10 * sweep["schedule"]}


def test_announcement_ends_when_its_row_is_announced_again() -> None:
    again = 2 * settings.SWEEP_INTERVAL
    assert (extract.expires, take_in.expires) == (again, again)


def test_worker_that_is_told_nothing_takes_from_all_queues() -> None:
    assert set(app.amqp.queues.consume_from) == set(queues.NAMES)


def test_message_is_put_into_one_queue_alone() -> None:
    with Connection("memory://", virtual_host=uuid4().hex) as connection:
        channel: Any = connection.default_channel
        for name in queues.NAMES:  # as workers declare them
            app.amqp.queues[name](channel).declare()
            channel.queue_purge(name)
        app.send_task("claims.tasks.extract", (1,), connection=connection)
        waiting = {
            name: channel.queue_declare(name, passive=True).message_count for name in queues.NAMES
        }
    assert waiting == {"default": 0, "extraction": 1, "fetching": 0, "files": 0}
