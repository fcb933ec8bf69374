import os

import embedded

DEBUG = os.environ.get("CLAIMS_DEBUG") == "1"
SECRET_KEY = embedded.local_secret()
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.contenttypes", "sample"]
ROOT_URLCONF = "config.urls"
DATABASES = {"default": {**embedded.database_settings(), "ENGINE": "django.db.backends.postgresql"}}
CELERY_BROKER_URL = embedded.broker_url()
CELERY_BEAT_SCHEDULE_FILENAME = str(embedded.PROJECT / "var" / "celerybeat-schedule")
USE_TZ = True
