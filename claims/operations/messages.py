"""What the broker holds: messages that wake workers."""

from __future__ import annotations

from typing import Any, cast

from celery import current_app
from kombu import Connection


def waiting() -> dict[str, int]:
    """By queue, how many messages no worker has taken yet. Raises kombu's OperationalError where
    the broker does not answer."""
    with current_app.connection_for_read() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        return {name: _number(broker, name) for name in sorted(current_app.amqp.queues)}


def _number(broker: Connection, queue: str) -> int:
    """None is there where nobody has listened to it yet."""
    try:
        found = cast(Any, broker.default_channel).queue_declare(queue, passive=True)
    except broker.channel_errors:
        return 0
    return int(found.message_count)
