"""Settings, from the environment only; :mod:`webapp.environment` reads and checks each variable.

``manage.py up`` (``make run``) needs none of them. ``docs/operator.md`` lists all of them.
"""

from __future__ import annotations

from csp.constants import NONCE, NONE, SELF

from webapp.environment import BASE_DIR, private_folder, read_environment

_values = read_environment()

HOME = _values.home
STORAGE_DIR = HOME / "storage"  # content-addressed files
WORK_DIR = HOME / "work"  # training work directories, models, dataset caches
# Where files are kept, if not in these folders alone: webapp.bucket
S3_BUCKET = _values.s3_bucket
S3_ENDPOINT_URL = _values.s3_endpoint_url
S3_REGION = _values.s3_region
S3_PREFIX = _values.s3_prefix
S3_ACCESS_KEY_ID = _values.s3_access_key_id
S3_SECRET_ACCESS_KEY = _values.s3_secret_access_key
S3_CACHE_BYTES = int(_values.s3_cache_gib * 2**30)
ACCEL_PREFIX = _values.accel_prefix  # webapp.sending
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"

DEBUG = _values.debug
SECRET_KEY = _values.secret_key
SECRET_KEY_FALLBACKS = _values.secret_key_fallbacks
ALLOWED_HOSTS = _values.allowed_hosts
CSRF_TRUSTED_ORIGINS = _values.csrf_trusted_origins

INSTALLED_APPS = [
    # Its table alone, which older houses and their backups hold: its pages changed people past the audit log.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "channels",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "webapp.audit",
    "webapp.jobs",
    "webapp.accounts",
    "webapp.patients",
    "webapp.imaging",
    "webapp.reading",
    "webapp.segmentation",
    "webapp.datasets",
    "webapp.training",
    "webapp.staging",
    "webapp.operations",
    *_values.extra_apps,
]

MIDDLEWARE = [
    "webapp.lending.GiveBackMiddleware",
    "webapp.observing.ObservingMiddleware",
    "webapp.nul_characters.NulMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "webapp.accounts.sessions.BrowserSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

ROOT_URLCONF = "webapp.urls"
ASGI_APPLICATION = "webapp.asgi.application"
APPEND_SLASH = True

# --- Database. CONN_MAX_AGE stays 0: under ASGI a kept connection belongs to no request thread. Web processes
# have a pool of connections to PostgreSQL instead (DATABASE_POOL).
DATABASES = {"default": _values.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis. Absent: workers poll the job rows, and sockets read them every second.
REDIS_URL = _values.redis_url
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # Without "socket_timeout": None redis-py 8 closes an idle subscription after five seconds.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": "hepastage"},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

# --- Jobs (webapp.jobs)
JOB_LEASE_SECONDS = _values.job_lease_seconds  # silence after which a worker counts as dead
JOB_RECONCILE_SECONDS = _values.job_reconcile_seconds
QUARANTINE_DAYS = _values.quarantine_days  # how long originals of files that were kept out are kept
JOB_CHILD_GRACE_SECONDS = _values.job_child_grace_seconds  # from SIGTERM to SIGKILL of a training

# --- Who is asking
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "webapp.problems.locked_out"

MFA_ADAPTER = "webapp.accounts.second_factor.Adapter"
MFA_TOTP_ISSUER = "HepaStage"
MFA_TOTP_TOLERANCE = 1  # clocks may differ by half a minute
SECOND_FACTOR = _values.second_factor  # who has to have one
SESSION_IDLE_SECONDS = _values.session_idle_minutes * 60
SOCKETS_PER_USER = _values.sockets_per_user  # webapp.sockets
PASSWORD_RESET_TIMEOUT = 24 * 3600  # of a link that an administrator hands over

# Signing in through the hospital's identity provider (webapp.accounts.oidc); an empty issuer: switched off
OIDC_ISSUER = _values.oidc_issuer
OIDC_NAME = _values.oidc_name
OIDC_ROLES = _values.oidc_roles
OIDC_GROUPS_CLAIM = _values.oidc_groups_claim
OIDC_MATCH_CLAIM = _values.oidc_match_claim
SOCIALACCOUNT_ADAPTER = "webapp.accounts.oidc.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": _values.oidc_scopes,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME,
                "client_id": _values.oidc_client_id,
                "secret": _values.oidc_client_secret,
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

METRICS_TOKEN = _values.metrics_token  # webapp.operations.metrics
TRASH_DAYS = _values.trash_days  # webapp.operations.storage_check

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "webapp.accounts.authentication.SessionAuthentication",
        "webapp.accounts.authentication.ApiTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["webapp.accounts.permissions.TablePermission"],
    # Far above what a person or a well-meant script does; counted per web process.
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "NUM_PROXIES": 0,  # the address that the server says (uvicorn believes its proxy, nobody else)
    "DEFAULT_THROTTLE_RATES": {"anon": _values.throttle_strangers, "user": _values.throttle_users},
    "DEFAULT_PAGINATION_CLASS": "webapp.pagination.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "webapp.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "HepaStage",
    "DESCRIPTION": (
        "Staging of liver fibrosis from pairs of high- and low-frequency ultrasound. "
        "For research; not a medical device. Errors are RFC 9457 problem details with a code and a remedy."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "webapp.problem_schema.add_problems",
    ],
    # One name per vocabulary, wherever it is used; the browser app's types are generated from these.
    "ENUM_NAME_OVERRIDES": {
        "JobStateEnum": "webapp.jobs.models.JobState",
        "QueueEnum": "webapp.jobs.models.Queue",
        "StageLabelEnum": [(f"S{stage}", f"S{stage}") for stage in range(5)],
        "StageNumberEnum": [(stage, f"S{stage}") for stage in range(5)],
        "BandEnum": [("HF", "HF"), ("LF", "LF")],
        "DesignKindEnum": "webapp.training.models.DesignKind",
        "CropEnum": [("region", "region"), ("liver", "liver")],
        "AliasNameEnum": "webapp.training.models.AliasName",
        "StageSourceEnum": "webapp.patients.models.StageSource",
        "ClinicalSourceEnum": "webapp.patients.models.ClinicalSource",
        "ReasonsEnum": "webapp.staging.models.Reason",
        "ReadKindEnum": "webapp.reading.read_models.ReadKind",
        "QualityEnum": "webapp.reading.read_models.Quality",
        "QualityReasonEnum": "webapp.reading.read_models.QualityReason",
        "SettlingEnum": "webapp.reading.read_models.Settling",
        "OutlineStateEnum": "webapp.reading.models.OutlineState",
        "OutlineOriginEnum": "webapp.reading.models.OutlineOrigin",
        "WaitingStateEnum": "webapp.imaging.models.WaitingState",
        "UploadSourceEnum": "webapp.imaging.models.UploadSource",
    },
}

# --- Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files that the browser loads. Vite has hashed the names under app/assets already.
STATIC_URL = "/static/"
STATIC_ROOT = _values.static_dir
STATICFILES_DIRS = [("app", str(FRONTEND_DIST))] if FRONTEND_DIST.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/app/assets/"

# --- Uploads: one ultrasound file a request; larger ones are spooled to disk by Django.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = private_folder(HOME / "spool")  # webapp.spool; emptied when `manage.py up` starts

GIBIBYTE = 1 << 30
UPLOAD_BYTES_PER_USER_AND_DAY = int(_values.upload_gib_per_user_and_day * GIBIBYTE)  # webapp.imaging.quotas
UPLOAD_BYTES_PER_SITE = int(_values.upload_gib_per_site * GIBIBYTE)

# --- C-STORE (webapp.imaging.dicom_receiver): off unless somebody may send
DICOM_AE_PEERS = _values.dicom_ae_peers
DICOM_AE_TITLE = _values.dicom_ae_title
DICOM_ADDRESS = _values.dicom_address
DICOM_PORT = _values.dicom_port
DICOM_ASSOCIATIONS = _values.dicom_associations

# --- What a browser may do with our pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Plotly and the viewer place things by style attributes, which cannot carry a nonce.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-report"],  # webapp.csp_reports
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(_values.session_hours * 3600)  # counted from signing in, whatever is done meanwhile
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
SILENCED_SYSTEM_CHECKS = [
    "security.W021"
]  # the browsers' preload list is for the owner of the domain to decide
if _values.https:  # TLS ends here or at a proxy that sets X-Forwarded-Proto
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked from inside, past the proxy
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True

# --- Log lines go to stderr; whoever started the process keeps them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "webapp.observing.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": _values.log_format}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "webapp": {"level": _values.log_level},
        # A line a request only where something collects them; the proxy has its own log.
        "webapp.requests": {"level": _values.log_level if _values.log_format == "json" else "WARNING"},
        "axes": {"level": "ERROR"},
    },
}
