"""Every setting of the system. What differs from office to office: config/environment.py."""

import os
from datetime import timedelta
from pathlib import Path

import pghistory
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import environment

HERE = Path(__file__).resolve().parent.parent
GIVEN = environment.read()
PLAIN_HTTP = GIVEN["PLAIN_HTTP"] == "1"

DEBUG = False  # error pages are in words everywhere; a developer reads the log
SECRET_KEY = GIVEN["SECRET_KEY"]
ALLOWED_HOSTS = environment.hosts(GIVEN["ALLOWED_HOSTS"], plain_http=PLAIN_HTTP)
CSRF_TRUSTED_ORIGINS = [] if PLAIN_HTTP else [f"https://{host}" for host in ALLOWED_HOSTS]

INSTALLED_APPS = [
    "config",
    "demo",
    "audit",
    "funds",
    "claims",
    "enrollment",
    "office",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "office.pages.headers.OwnSiteMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "office.pages.language.ChosenLanguageMiddleware",
    "claims.views.door_api.DoorMiddleware",
    "office.pages.errors.ErrorPageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "office.pages.sessions.SessionEndMiddleware",
    "office.pages.surroundings.SurroundingsMiddleware",
    "office.pages.kept.SignInMiddleware",
    "office.pages.sessions.SecondFactorMiddleware",
    "office.pages.once.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.page",
            ],
        },
    },
]
FORM_RENDERER = "office.pages.forms.Renderer"
FILTERS_EMPTY_CHOICE_LABEL = _("All")
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# The run-time role works; the owner migrates (config/database.py).
DATABASES = {
    "default": environment.database(GIVEN["DATABASE_URL"], pool=environment.is_web()),
    "owner": environment.database(GIVEN["DATABASE_URL_OWNER"]),
}
BACKUP_URL = GIVEN["DATABASE_URL_BACKUP"]
OWNER_URL = GIVEN["DATABASE_URL_OWNER"]
SEALER_URL = GIVEN["DATABASE_URL_SEALER"]
SEALED_TABLES = "config.database.SEALED"
SEAL_KEY_FILE = Path(GIVEN["SEAL_KEY_FILE"])
SEAL_CHECKPOINTS = Path(GIVEN["SEAL_CHECKPOINTS"])
SEAL_HASH = "sha256"  # or "sm3", where the authority asks for it (docs/rules/seals.md)

CELERY_BROKER_URL = environment.broker(GIVEN["REDIS_URL"])
REDIS_URL = GIVEN["REDIS_URL"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a post box that went away comes back
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 1,
}
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_ROUTES = {"audit.tasks.seal": {"queue": "seals"}}  # of the sealer alone, which long work never keeps
CELERY_BEAT_SCHEDULE = {
    "look for jobs left behind": {
        "task": "office.tasks.sweep",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "seal the trail": {"task": "audit.tasks.seal", "schedule": 60.0, "options": {"expires": 55}},
    "check the trail": {"task": "audit.tasks.check", "schedule": crontab(hour=2, minute=30)},
    "forget used forms and ended sessions": {"task": "office.tasks.tidy", "schedule": 3600.0},
    "remind of measures of audits": {"task": "audit.tasks.remind_of_rectifications", "schedule": 3600.0},
    "screen what was taken in lately": {
        "task": "audit.tasks.screen_by_night",
        "schedule": crontab(hour="2", minute="30"),
    },
}

# Row history: who and why stand in the row itself; the tables are guarded by migrations of our own.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField(null=True)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+")

AUTH_USER_MODEL = "office.Person"
AUTHENTICATION_BACKENDS = ["office.access.DutyBackend"]
PERMISSIONS_OF_DUTIES = "config.roles.PERMISSIONS"
DUTIES_WITH_SECOND_FACTOR = "config.roles.SECOND_FACTOR"
SECOND_FACTOR_FRESH = timedelta(minutes=15)
LOGIN_URL = "office:sign_in"
LOGIN_REDIRECT_URL = "office:home"
LOGOUT_REDIRECT_URL = "office:sign_in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name"]},
    },
    {"NAME": "office.passwords.OfficeWordValidator"},
]

SESSION_IDLE = timedelta(minutes=30)  # a screen that nobody sits at
SESSION_LONGEST = timedelta(hours=8)  # a working day
WORK_LEASE = timedelta(minutes=30)  # what somebody takes for himself; as long as a screen may stand idle
PUBLICISED_FIRST = ("injury", "committee")  # kinds, or the step, whose claims are paid after their publicity
INTAKE_IS_FIRST_CHECK = False  # 受理兼初审: under every limit intake is the first check (docs/rules/claims.md)
SESSION_COOKIE_AGE = int(SESSION_LONGEST.total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_NAME = "county_session" if PLAIN_HTTP else "__Host-county_session"
CSRF_COOKIE_NAME = "county_csrf" if PLAIN_HTTP else "__Host-county_csrf"
CSRF_COOKIE_HTTPONLY = True  # no script reads it: forms carry the token
LANGUAGE_COOKIE_NAME = "django_language" if PLAIN_HTTP else "__Host-county_language"
THEME_COOKIE_NAME = "theme" if PLAIN_HTTP else "__Host-county_theme"
NOTICES_COOKIE_NAME = "messages" if PLAIN_HTTP else "__Host-county_notices"
MESSAGE_STORAGE = "office.pages.notices.Notices"
CSRF_FAILURE_VIEW = "office.pages.errors.csrf_failure"
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not PLAIN_HTTP
SECURE_PROXY_SSL_HEADER = None if PLAIN_HTTP else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^door/"]  # the door refuses plain HTTP instead: a token was sent in the open
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler draws its check marks as data images
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "camera",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "serial",
        "hid",
        "midi",
    )
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
STATIC_ROOT = None if PLAIN_HTTP else Path(os.environ.get("STATIC_ROOT", HERE / "var" / "static"))
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = PLAIN_HTTP  # a checkout serves static/ as it stands; a real office collects and hashes it
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False  # fonts and scripts are for our own pages
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_HTTP
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
ATTACHMENTS_DIR = Path(GIVEN["ATTACHMENTS_DIR"])
ATTACHMENT_LARGEST = 64 * 1024 * 1024  # bytes
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # one typed form, bytes
DOOR_LARGEST_BODY = 256 * 1024  # one request at the hospitals' door, bytes
DOOR_REQUESTS_A_MINUTE = 120  # of one token
DOOR_WRONG_TOKENS = 30  # of one address within 15 minutes; those after them leave no act
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a collection sheet of a large village

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
