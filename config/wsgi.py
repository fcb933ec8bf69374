"""The web application, for a WSGI server (`granian --interface wsgi config.wsgi:application`)."""

import os

from django.core.wsgi import get_wsgi_application

from config import failures
from config.metrics import counting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with failures.refusing():
    counting.across_processes()
    application = get_wsgi_application()
