"""All settings. What differs between installations comes from the environment (`config.env`);
`manage.py settings` lists it.

Without DATABASE_URL and REDIS_URL the installation is *local*: the embedded servers are used,
and a secret key is drawn once and kept under `var/`. With them, CLAIMS_SECRET_KEY is required.
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from pghistory import ForeignKey, ObjForeignKey

import embedded
from config import addresses, env, oidc_settings, queues

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
DATABASE_URL = env.secret(
    "DATABASE_URL",
    derived="the embedded PostgreSQL",
    meaning=f"PostgreSQL 15 or newer, as {addresses.POSTGRES_FORM}. Where it is set, the "
    "installation is one of production, which needs CLAIMS_SECRET_KEY.",
)
DATABASE_PASSWORD = env.secret(
    "DATABASE_PASSWORD", meaning="The password of DATABASE_URL, where that has none."
)
APPLICATION_ROLE = env.text(
    "DATABASE_APPLICATION_ROLE",
    meaning="For `manage.py prepare` by the role that owns the database: the role that web, worker "
    "and beat log in as, which cannot change history. It is made where it is not there.",
)
APPLICATION_PASSWORD = env.secret(
    "DATABASE_APPLICATION_PASSWORD",
    meaning="The password that `manage.py prepare` gives DATABASE_APPLICATION_ROLE.",
)
REDIS_URL = env.secret(
    "REDIS_URL",
    derived="the embedded Valkey",
    meaning=f"Redis or Valkey for jobs and the cache, as {addresses.REDIS_FORM}.",
)
LOCAL = not DATABASE_URL

DEBUG = env.flag(
    "CLAIMS_DEBUG",
    False,
    meaning="Show errors with their code, and have a demo login. Never where others can reach it; "
    "`make run` sets it.",
)
_secret_key = env.secret(
    "CLAIMS_SECRET_KEY",
    derived="drawn once and kept in var/secret-key; none where DATABASE_URL is set",
    meaning="Signs logins: 50 random characters or more. A new one logs everybody out.",
)
if not LOCAL:
    addresses.refuse_weak_key(_secret_key)
    addresses.refuse_example("DATABASE_APPLICATION_PASSWORD", APPLICATION_PASSWORD)
SECRET_KEY = _secret_key or embedded.local_secret()
ALLOWED_HOSTS = env.words(
    "CLAIMS_HOSTS",
    ("localhost", "127.0.0.1", "[::1]"),
    meaning="The names that the site is reached by; other requests are refused.",
)
CSRF_TRUSTED_ORIGINS = env.words(
    "CLAIMS_ORIGINS",
    meaning="Addresses with their scheme (https://claims.example.org) whose forms are taken, where "
    "a proxy changes the host.",
)
SITE_URL = (
    env.text(
        "CLAIMS_SITE",
        derived="http://localhost:8000",
        meaning="The address that others reach the site by, as https://claims.example.org: what is "
        "sent out (exports, feeds, webhooks) names its pages so.",
    )
    or "http://localhost:8000"
).rstrip("/")
SITE_NAME = env.text(
    "CLAIMS_NAME",
    "Conflict claims",
    meaning="The installation's name: whom a citation of a release names as its author.",
)
PUBLIC_READING = env.flag(
    "CLAIMS_PUBLIC_READING",
    LOCAL,
    derived="1; 0 where DATABASE_URL is set",
    meaning="Whether pages and API can be read without logging in. At 0 a reader needs a login "
    "with a role in any conflict. Writing always does.",
)

INSTALLED_APPS = [
    "config.administration.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "config",
    "entities",
    "sources",
    "claims",
]

MIDDLEWARE = [
    "config.health.answer_health",
    "config.requests.watch",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.headers.permissions",
    "claims.api.answers.travelling",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.access.AccessMiddleware",
    "claims.api.middleware.StrictParameters",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **(
            embedded.database_settings()
            if LOCAL
            else addresses.database(DATABASE_URL, DATABASE_PASSWORD)
        ),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": addresses.cache(REDIS_URL) if REDIS_URL else embedded.cache_url(),
        "OPTIONS": {"socket_timeout": 2},  # seconds: a server that hangs is as one that is down
    }
}

# The longest task is the extraction of one long document, or of some short ones. A message that a
# killed worker held comes back after EXTRACTION_LEASE, and the sweep finds its rows at that time.
EXTRACTION_LEASE = env.integer(
    "CLAIMS_EXTRACTION_LEASE",
    300,
    minimum=10,
    unit="seconds",
    meaning="How long a worker has for the documents that it reads at once, one long one or up to "
    "16, before another may take them.",
)
EXTRACTION_ATTEMPTS = env.integer(
    "CLAIMS_EXTRACTION_ATTEMPTS",
    5,
    minimum=1,
    meaning="How often a document is tried before it counts as failed.",
)
REVIEW_LEASE = env.integer(
    "CLAIMS_REVIEW_LEASE",
    600,
    minimum=30,
    unit="seconds",
    meaning="How long an editor has a claim to himself after the last sign of life from his page.",
)
SWEEP_INTERVAL = env.integer(
    "CLAIMS_SWEEP_INTERVAL",
    15,
    minimum=1,
    unit="seconds",
    meaning="How often waiting and stuck documents are looked for.",
)
CELERY_BROKER_URL = addresses.broker(REDIS_URL) if REDIS_URL else embedded.broker_url()
CELERY_TASK_DEFAULT_QUEUE, CELERY_TASK_QUEUES = queues.DEFAULT, queues.QUEUES
CELERY_TASK_ROUTES = queues.ROUTES
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A message may be sixteen documents: one that a busy worker holds back keeps an idle one from work.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": EXTRACTION_LEASE + 60,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_BEAT_SCHEDULE = {
    "extraction-sweep": {
        "task": "claims.tasks.sweep",
        "schedule": SWEEP_INTERVAL,
        # Where workers are behind, sweeps do not pile up before what they are to find.
        "options": {"expires": 10 * SWEEP_INTERVAL},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
PULSE_FILE = env.text(
    "CLAIMS_PULSE_FILE",
    meaning="A file that worker or beat touches as long as it works, each its own: for the health "
    "checks of their containers.",
)

SPACY_MODEL = env.text(
    "CLAIMS_SPACY_MODEL",
    derived="claims/extraction/parser",
    meaning="The parsing model: a folder, or the name of an installed spaCy package.",
) or str(BASE_DIR / "claims" / "extraction" / "parser")

FETCH_ALLOW_HOSTS = env.words(
    "CLAIMS_FETCH_ALLOW_HOSTS",
    meaning="Sites, each HOST or HOST:PORT, that articles are fetched from, and webhooks sent "
    "to, although their address is not of the public internet or their port not 80 or 443. All "
    "others are refused. Whoever may export can have changes posted there.",
)

FETCH_PAUSE = env.integer(
    "CLAIMS_FETCH_PAUSE",
    2,
    unit="seconds",
    meaning="How long a site that feeds lead to is left alone after each request, by all workers "
    "together; longer where its robots.txt says so (Crawl-delay).",
)

API_RATE = env.integer(
    "CLAIMS_API_RATE",
    600,
    minimum=1,
    unit="requests a minute",
    meaning="How many requests the API answers to a key: what keys are made with from then on.",
)
API_RATE_USER = env.integer(
    "CLAIMS_API_RATE_USER",
    300,
    minimum=1,
    unit="requests a minute",
    meaning="How many requests the API answers to a user who is logged in and sends no key.",
)
API_RATE_ADDRESS = env.integer(
    "CLAIMS_API_RATE_ADDRESS",
    60,
    minimum=1,
    unit="requests a minute",
    meaning="How many requests the API answers to an address (of IPv6, a network) from which "
    "nobody is logged in.",
)
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["claims.api.permissions.ReadOnly"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["claims.api.throttling.PerMinute"],
    "DEFAULT_RENDERER_CLASSES": ["claims.api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["claims.api.rendering.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would tell in another form what the schema tells
    "DEFAULT_PAGINATION_CLASS": "claims.api.pagination.Cursor",
    "DEFAULT_SCHEMA_CLASS": "claims.api.describing.Schema",
    "EXCEPTION_HANDLER": "claims.api.errors.handler",
    "URL_FORMAT_OVERRIDE": None,  # `format` is no parameter: an address has one form
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Conflict claims",
    "DESCRIPTION": "Who says what about who holds which town, and what follows.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["claims.api.permissions.ReadOnly"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # A vocabulary stands where it is used, rather than under a name made up for it.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "claims.api.describing.finish",
        "claims.api.filters.describe_fields",
    ],
}

PGHISTORY_APPEND_ONLY = True
# A row's history is asked for by the row, and by what its model has an index for. One for each
# other reference was written with each row: 120 of 221 MB of a million claims' indexes of history,
# which nothing read.
PGHISTORY_FOREIGN_KEY_FIELD = ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = ObjForeignKey(db_index=True)
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("uk", "Українська")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not DEBUG
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
EVIDENCE_DIR = env.text(
    "CLAIMS_EVIDENCE_DIR",
    derived="var/evidence",
    meaning="The folder of what was received from outside, byte for byte, which web and workers "
    "share.",
) or str(VAR_DIR / "evidence")
EVIDENCE_S3_BUCKET = env.text(
    "CLAIMS_EVIDENCE_S3_BUCKET",
    meaning="A bucket of S3-compatible storage that keeps it in place of the folder. It must be "
    "there.",
)
EVIDENCE_S3_ENDPOINT = env.text(
    "CLAIMS_EVIDENCE_S3_ENDPOINT",
    derived="Amazon’s",
    meaning="The address of that storage, as https://s3.example.org.",
)
EVIDENCE_S3_REGION = env.text(
    "CLAIMS_EVIDENCE_S3_REGION", meaning="The region of the bucket, where the storage has regions."
)
EVIDENCE_S3_PREFIX = env.text(
    "CLAIMS_EVIDENCE_S3_PREFIX",
    meaning="What the names in the bucket begin with, where it holds other things too.",
)
EVIDENCE_S3_KEY = env.text(
    "CLAIMS_EVIDENCE_S3_KEY",
    derived="what the machine itself may (its role, its profile)",
    meaning="The access key that reads, writes, lists and deletes there.",
)
EVIDENCE_S3_SECRET = env.secret(
    "CLAIMS_EVIDENCE_S3_SECRET", meaning="The secret of CLAIMS_EVIDENCE_S3_KEY."
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Each answer and file that was received, under its hash. No address leads there either.
    "evidence": {
        "BACKEND": "sources.evidence.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": EVIDENCE_S3_BUCKET,
            "endpoint_url": EVIDENCE_S3_ENDPOINT or None,
            "region_name": EVIDENCE_S3_REGION or None,
            "location": EVIDENCE_S3_PREFIX,
            "access_key": EVIDENCE_S3_KEY or None,
            "secret_key": EVIDENCE_S3_SECRET or None,
        },
    }
    if EVIDENCE_S3_BUCKET
    else {
        "BACKEND": "sources.evidence.folder.Folder",
        "OPTIONS": {"location": EVIDENCE_DIR},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Files of exports and releases. No address leads to this folder: views ask who may have them.
MEDIA_ROOT = env.text(
    "CLAIMS_FILES_DIR",
    derived="var/files",
    meaning="The folder of exports' and releases' files, which web and workers share.",
) or str(VAR_DIR / "files")
EXPORT_DAYS = env.integer(
    "CLAIMS_EXPORT_DAYS",
    7,
    minimum=1,
    unit="days",
    meaning="How long the file of an export is kept.",
)
EXPORT_ROWS = env.integer(
    "CLAIMS_EXPORT_ROWS",
    50_000,
    minimum=1,
    unit="rows",
    meaning="How many rows are sent while they are made; a longer export is made by a worker.",
)
DATA_LICENCE = env.text(
    "CLAIMS_DATA_LICENCE",
    derived="who has which rights in quotations and places; for the rest, to ask you",
    meaning="The terms on which exports may be used: what is written into their files.",
)

LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "home", "login"
ROLES = ("reader", "analyst", "editor", "adjudicator", "administrator")
SESSION_COOKIE_AGE = 7 * 24 * 3600  # seconds since the log-in
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds for which an invitation's link can be used
AUTHENTICATION_BACKENDS = ["config.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
SECOND_FACTOR_ROLES = env.words(
    "CLAIMS_SECOND_FACTOR_ROLES",
    choices=ROLES,
    meaning="The roles that need a second factor (an app's codes or a passkey) besides the "
    "password: until it is set up, such an account may do nothing by its roles.",
)
OIDC_ISSUER = env.text(
    "CLAIMS_OIDC_ISSUER",
    meaning="An identity provider (OpenID Connect), as https://id.example.org/realms/newsroom, by "
    "which people can log in who have connected their identity there with their account here.",
)
SOCIALACCOUNT_PROVIDERS = oidc_settings.providers(
    OIDC_ISSUER,
    env.text("CLAIMS_OIDC_CLIENT", meaning="The name by which that provider knows this site."),
    env.secret("CLAIMS_OIDC_SECRET", meaning="The secret that it knows it by."),
    env.text("CLAIMS_OIDC_NAME", "the identity provider", meaning="What people call it."),
)
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before an identity is connected or disconnected
SOCIALACCOUNT_ADAPTER = "config.oidc.Identities"
ACCOUNT_ADAPTER, MFA_ADAPTER = "config.signing_in.Accounts", "config.signing_in.SecondFactors"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"username"}, ["username*", "password1*"]
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts have no addresses to confirm
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a phone's clock may be off
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = env.flag(
    "CLAIMS_HTTPS",
    False,
    meaning="The site is behind a proxy that speaks HTTPS and sets X-Forwarded-Proto, taking away "
    "what a client sent under that name. Cookies are then for HTTPS only, and plain HTTP is "
    "redirected.",
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
HSTS_SECONDS = env.integer(
    "CLAIMS_HSTS_SECONDS",
    30 * 24 * 3600,
    unit="seconds",
    meaning="With CLAIMS_HTTPS: how long browsers remember that the site has no plain HTTP "
    "(Strict-Transport-Security); 0 says nothing to them.",
)
SECURE_HSTS_SECONDS = HSTS_SECONDS if HTTPS else 0
# Subdomains and the browsers' preload list are for whoever has the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
MAP_TILES = env.tiles(
    "CLAIMS_MAP_TILES",
    meaning="A tile server whose pictures the map shows over its own land and water: readers' "
    "browsers then ask that host, and it may draw borders. Without it no other host is asked.",
)
MAP_TILES_CREDIT = env.text(
    "CLAIMS_MAP_TILES_CREDIT", meaning="Whom the map names for the tiles, as their terms demand."
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *addresses.origin(MAP_TILES)],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *addresses.origin(OIDC_ISSUER)],
    }
}

METRICS_TOKEN = env.secret(
    "CLAIMS_METRICS_TOKEN",
    meaning="Who sends it (`Authorization: Bearer …`) is answered at /metrics, in Prometheus' "
    f"form: {addresses.TOKEN_LENGTH} random characters or more. Without it nothing is measured.",
)
addresses.refuse_short_token("CLAIMS_METRICS_TOKEN", METRICS_TOKEN)
METRICS_DIR = env.text(
    "CLAIMS_METRICS_DIR",
    derived="var/metrics",
    meaning="With CLAIMS_METRICS_TOKEN: the folder in which the web server's processes add up what "
    "they count; of this machine or container alone, and not kept when that is made anew.",
) or str(VAR_DIR / "metrics")
REVISION = env.text(
    "CLAIMS_REVISION",
    derived="unknown",
    meaning="Which revision of the sources this is, for the page of operations; the image has it.",
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s:%(in_brackets)s %(message)s"},
        "json": {"()": "config.logs.Json"},
    },
    "filters": {"about": {"()": "config.logs.About"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.text(
                "CLAIMS_LOG_FORMAT",
                "text",
                choices=("text", "json"),
                meaning="How the log is written: lines for people, or a JSON object a line for "
                "programs.",
            ),
            "filters": ["about"],
        }
    },
    # Django's own handlers would write each line a second time.
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {
        "handlers": ["console"],
        "level": env.text(
            "CLAIMS_LOG_LEVEL",
            "INFO",
            choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
            meaning="The least that is written to the log (standard error).",
        ),
    },
}

env.elsewhere(
    "PORT",
    reader="make run",
    kind="number from 1 to 65535",
    default="8000",
    meaning="The port of the web server; the next free one where it is taken.",
)
env.elsewhere(
    "CLAIMS_TREEBANKS_DIR",
    reader="make train",
    kind="folder",
    meaning="Treebanks to train and measure the parsing model on, in place of downloading them.",
)
env.elsewhere(
    "CLAIMS_TREEBANKS_URL",
    reader="make train",
    kind="address",
    meaning="Where the treebanks are downloaded from, in place of their publisher's address.",
)
env.elsewhere(
    "CLAIMS_EVAL_DIR",
    reader="make test",
    kind="folder",
    meaning="Articles and cases to measure the extraction on; without it those tests are skipped.",
)
env.elsewhere(
    "CLAIMS_TEST_HOLD",
    reader="make test",
    kind="file",
    meaning="Holds up a worker of the tests while the file is there.",
)
env.elsewhere(
    "CLAIMS_TEST_PICTURES",
    reader="make test",
    kind="1 or 0",
    default="0",
    meaning="Leaves a picture of each page in var/screens, to look at.",
)
env.elsewhere(
    "CHROMIUM",
    reader="make test",
    kind="file",
    meaning="The browser of the browser tests, where it is not found by itself.",
)
env.refuse_unknown()
