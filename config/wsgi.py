"""The web application, for a WSGI server (`granian --interface wsgi config.wsgi:application`)."""

import os

from django.core.wsgi import get_wsgi_application

from config import failures

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with failures.refusing():
    application = get_wsgi_application()
