"""The settings of a server for measuring: production's, but static files need not be collected, no
cache server need be there, and nobody asks too often."""

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES, STORAGES

DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
PUBLIC_READING = True
API_RATE = API_RATE_ADDRESS = 1_000_000
SECURE_SSL_REDIRECT = False
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
if not os.environ.get("REDIS_URL"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
