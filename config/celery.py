"""The Celery application; tasks are found in each app's `tasks.py`."""

import os
import sys

from celery import Celery

from config import failures

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# `celery -A config` reads the settings by itself: what is wrong with them ends it in one line.
sys.excepthook = failures.say_refusal

app = Celery("claims")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
