"""Django's settings, from the configuration of the installation. Nothing here is secret."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from piramide.demo import people as invented
from piramide.web.configuration import LONGEST_UPLOAD, read_configuration
from piramide.web.rooms import ROOMS

CONFIGURATION = read_configuration()

SECRET_KEY = CONFIGURATION.secret_key
DEBUG = CONFIGURATION.debug
ALLOWED_HOSTS = list(CONFIGURATION.hosts)
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.origin]
ROOT_URLCONF = "piramide.web.urls"
WSGI_APPLICATION = "piramide.web.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    *(f"piramide.web.{room.name}" for room in ROOMS),  # first: their templates go before those of the libraries
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "piramide.web.jobs.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "piramide.web.house.middleware.BrowserMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "piramide.web.house.compression.CompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "piramide.web.house.middleware.LanguageMiddleware",
    "piramide.web.house.middleware.AccessMiddleware",
    "piramide.web.api.middleware.ApiMiddleware",
    "piramide.web.house.middleware.AddressMiddleware",  # below: programs are answered in their own way
    "piramide.web.house.middleware.RefusalMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "piramide.web.house.context.house",
            ],
            "builtins": ["piramide.web.house.templatetags.piramide", "django.templatetags.i18n"],
        },
    }
]

DATABASES = {"default": CONFIGURATION.database}
if CONFIGURATION.database["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;",
    }
# Opening a database costs more than most pages ask of it; the last to close SQLite's writes its journal back, too.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

CACHES: dict[str, dict[str, Any]] = {
    # Counters of attempts to sign in, shared by all processes; those of programs fill no table but their own.
    "default": {"BACKEND": "piramide.web.counters.Counters", "LOCATION": "house_cache"},
    "requests": {"BACKEND": "piramide.web.counters.Counters", "LOCATION": "api_requests"},
    # Pages that depend on a run alone: rendered by one process, read by all (`house/shared_pages.py`).
    "pages": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CONFIGURATION.data / "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 8_000},
    },
}

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "house:home"
ACCOUNT_ADAPTER = "piramide.web.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "piramide.web.accounts.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {"login": "piramide.web.accounts.forms.SignInForm"}
ACCOUNT_SESSION_REMEMBER = False
# Attempts to sign in are counted by `accounts.attempts`: by person and network, never where the device is known.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIGURATION.proxies
MFA_ADAPTER = "piramide.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Piramide"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": list(CONFIGURATION.oidc)}}
# A link: a form that ends at another site would need that site in `form-action`. The state guards the answer.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False

# Sessions
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIGURATION.is_secure
CSRF_COOKIE_SECURE = CONFIGURATION.is_secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "piramide.web.house.errors.csrf_failure"
LANGUAGE_COOKIE_SECURE = CONFIGURATION.is_secure
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Browsers
SECURE_SSL_REDIRECT = CONFIGURATION.is_secure
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIGURATION.is_secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_REDIRECT_EXEMPT = [r"^salute/$", r"^metriche/$"]
if CONFIGURATION.proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "piramide.web.house.receiving.LimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "piramide.web.house.receiving.CarefulHandler",
]
UPLOAD_LIMIT = LONGEST_UPLOAD
MEDIA_ROOT = CONFIGURATION.data / "media"

# Who can sign in to a demonstration, and the password of all
INVENTED_PEOPLE = invented.people()
INVENTED_PASSWORD = invented.PASSWORD

# Languages
LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italiano")), ("en", _("Inglese"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Rome"
USE_THOUSAND_SEPARATOR = True

# What browsers load
STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.static
STATICFILES_FINDERS = [
    "piramide.web.house.static_files.PackageFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATICFILES_DIRS = [
    ("bootstrap-italia", CONFIGURATION.assets / "bootstrap-italia" / "dist"),
    ("htmx", CONFIGURATION.assets / "htmx.org" / "dist"),
    ("vega", CONFIGURATION.assets / "vega" / "build"),
    ("vega-lite", CONFIGURATION.assets / "vega-lite" / "build"),
    ("vega-made", CONFIGURATION.data / "made" / "vega-made"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "piramide.web.house.static_files.HashedFiles"},
}

SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]  # the folder of what is made from packages is there after `upgrade`

# Work in the background, and mail
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_TIMEOUT = 20  # seconds: a server that does not answer must not hold who asks for a reminder
globals().update(CONFIGURATION.email)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIGURATION.sender

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "piramide.web.house.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "piramide": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "ERROR"},
    },
}
