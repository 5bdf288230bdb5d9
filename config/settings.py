"""Django settings. Every value that may differ between installations comes from `config.env`."""

import os
import sys
from datetime import timedelta

import environ
from csp.constants import NONE, SELF

from config import env
from config.secrets import made_once

if "TESTING" not in os.environ:
    environ.Env.read_env(env.BASE_DIR / ".env")
ENVIRONMENT = env.read()
BASE_DIR = env.BASE_DIR
DATA_DIR = ENVIRONMENT.data_dir

DEBUG = ENVIRONMENT.debug
TESTING = ENVIRONMENT.testing
CLOCK_AT = ENVIRONMENT.clock_at
DEFENCES_OFF = ENVIRONMENT.defences_off
FAILPOINTS = ENVIRONMENT.failpoints
DEAF_AFTER = ENVIRONMENT.deaf_after
HTTPS = ENVIRONMENT.https
SECRET_KEY = ENVIRONMENT.secret_key or made_once(DATA_DIR / "secret.key")
AUDIT_KEY = ENVIRONMENT.audit_key or made_once(DATA_DIR / "audit.key")
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies

INSTALLED_APPS = [
    "audit",
    "calendars",
    "files",
    "background",
    "departments",
    "counties",
    "accounts",
    "tasks",
    "reports",
    "reminders",
    "imports",
    "api",
    "web",
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_htmx",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "audit.middleware.RequestContextMiddleware",
    "config.middleware.SecurityHeadersMiddleware",
    "config.middleware.NoNullMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionTimesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.PasswordDueMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
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
                "web.context.shell",
            ],
        },
    },
]

# --- Data -----------------------------------------------------------------------------------------------------------

# Without IMMEDIATE a transaction that reads before it writes fails at once when another writer was faster, whatever the
# timeout; FULL keeps a commit through a power cut (measured in docs: 0 failed of 16 hot writers).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
POSTGRESQL_OPTIONS = {"connect_timeout": 5, "options": "-c statement_timeout=15000 -c lock_timeout=3000"}


def _database() -> dict:
    url = ENVIRONMENT.database_url or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
    database = env.database_config(url)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        env.refuse_network_file_system(DATA_DIR)
        return database | {"OPTIONS": SQLITE_OPTIONS}
    options = database.get("OPTIONS", {}) | POSTGRESQL_OPTIONS
    return database | {"OPTIONS": options, "CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = ENVIRONMENT.redis_url  # broker only

# In the database, like the sessions: a frozen message broker then stops nobody who is signed in.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"},
    "rates": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "rates"},  # api/throttles.py
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

MEDIA_ROOT = DATA_DIR / "files"

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_HASHED_STATIC = not (DEBUG or TESTING)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not _HASHED_STATIC
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Accounts and sign-in -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # user names are unique ignoring case, by a functional constraint
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.RightsBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_HISTORY = 5  # the last ones, the present among them, are not taken again
PASSWORD_DAYS = 90  # GB/T 22239-2019 8.1.4.1 a) asks for regular change
PASSWORD_BLOCKED_WORDS = [
    "anhui", "nongye", "nongcun", "xiangcun", "zhenxing", "bangfu", "diaodu", "yuebao", "ahnync",
    "农业", "农村", "乡村振兴", "帮扶", "调度",
]  # fmt: skip
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.validators.LengthValidator", "OPTIONS": {"shortest": 10}},
    {"NAME": "accounts.validators.KindsValidator", "OPTIONS": {"kinds": 3}},
    {"NAME": "accounts.validators.CommonValidator"},
    {"NAME": "accounts.validators.OwnWordsValidator"},
    {"NAME": "accounts.validators.HistoryValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# Wrong passwords are counted by axes alone, else two different answers meet; this only slows a machine down.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "60/m/ip"}
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "重点工作月调度"

SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())  # absolute, from sign-in
SESSION_IDLE_SECONDS = int(timedelta(minutes=15).total_seconds())  # GB/T 22239-2019 8.1.4.1 b)
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # pages hand the token to htmx themselves

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Name and address together: one office behind one address does not lock out its colleagues.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.lockouts.attempted_name"
AXES_CLIENT_IP_CALLABLE = "audit.middleware.client_ip"
AXES_LOCKOUT_CALLABLE = "accounts.lockouts.refuse"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the audit trail records every sign-in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Mail -----------------------------------------------------------------------------------------------------------

# No mail leaves the house before a server is configured.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MAIL_READY = ENVIRONMENT.mail_url is not None
SITE_URL = ENVIRONMENT.site_url or ""  # links in mails begin with it, never with what a request claims as Host
if ENVIRONMENT.mail_url:
    EMAIL_BACKEND = "reminders.smtp.EmailBackend"
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from
    globals().update(env.mail_config(ENVIRONMENT.mail_url))
EMAIL_TIMEOUT = 10  # seconds, of each answer of the server

# --- Security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

if HTTPS:
    SECURE_SSL_REDIRECT = True
    # The probes of a load balancer speak plain HTTP to the machine itself.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = int(timedelta(days=730).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
elif not (DEBUG or TESTING) and "up" in sys.argv:
    print("提示：HTTPS 未启用，仅限本机试用；正式使用请设置 HTTPS=on。", file=sys.stderr)

# --- REST interface -------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.ApiToken", "api.authentication.BrowserSession"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.paging.KeysetPages",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.PerUser"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min", "token": "60/min"},
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "EXCEPTION_HANDLER": "api.errors.answer",
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=8), "AUTO_REFRESH": False, "TOKEN_LIMIT_PER_USER": 5}
SPECTACULAR_SETTINGS = {
    "TITLE": "工作要点调度系统接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.without_docstrings",
    ],
    "ENUM_NAME_OVERRIDES": {
        "PlanKind": "tasks.choices.PlanKind",
        "PlanState": "tasks.choices.PlanState",
        "PeriodKind": "tasks.choices.PeriodKind",
        "PeriodState": "tasks.choices.PeriodState",
        "ReportState": "tasks.choices.ReportState",
        "ReportField": "tasks.choices.ReportField",
        "MonthKind": "tasks.choices.MonthKind",
        "Light": "tasks.choices.Light",
    },
}

# --- Log ------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.OneLine",
            "format": "{asctime} {levelname} {request} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
    # Every tick would be a line; sign-ins stand in the audit trail.
    "loggers": {name: {"level": "WARNING"} for name in ("axes", "celery", "kombu")},
}
