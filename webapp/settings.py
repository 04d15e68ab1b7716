"""Settings, from the environment only. Every variable is listed in docs/operator.md."""

from __future__ import annotations

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

HOME = Path(env.str("HEPASTAGE_HOME", str(BASE_DIR / "var"))).resolve()
STORAGE_DIR = HOME / "storage"  # content-addressed files
WORK_DIR = HOME / "work"  # training work directories, models, dataset caches

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "insecure-development-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "django_filters",
    "channels",
    "webapp.audit",
    "webapp.jobs",
    "webapp.accounts",
    "webapp.patients",
    "webapp.imaging",
    "webapp.datasets",
    "webapp.training",
    "webapp.staging",
    "webapp.operations",
]
AUTH_USER_MODEL = "accounts.User"
ROOT_URLCONF = "webapp.urls"
ASGI_APPLICATION = "webapp.asgi.application"
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{HOME / 'hepastage.sqlite3'}")}
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
USE_TZ = True
