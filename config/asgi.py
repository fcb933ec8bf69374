"""The web application, for an ASGI server."""

import os

from django.core.asgi import get_asgi_application

from config import failures

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with failures.refusing():
    application = get_asgi_application()
