"""The web application, for a WSGI server (`granian --interface wsgi config.wsgi:application`)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config import failures
from config.metrics import counting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

with failures.refusing():
    counting.across_processes()
    application = get_wsgi_application()
    # What is there once all views are stays for good. The collector, which a page of thousands of
    # claims calls several times, need not look through it each time: a quarter of that page.
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
