"""The environment variables HepaStage reads, each checked once at start.

A wrong value stops the process with every complaint at once, each a sentence that says what to do,
instead of an error in the middle of the night.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from webapp.dicom_peers import DicomPeer, parse_peers
from webapp.oidc_roles import GroupRole, parse_roles

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Checked values, ready for :mod:`webapp.settings`."""

    home: Path
    debug: bool
    https: bool
    secret_key: str
    secret_key_fallbacks: list[str]
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    database: dict[str, Any]
    redis_url: str
    log_level: str
    job_lease_seconds: float
    job_reconcile_seconds: float
    job_child_grace_seconds: float
    quarantine_days: int
    dicom_ae_title: str = "HEPASTAGE"
    dicom_ae_peers: list[DicomPeer] = field(default_factory=list)
    dicom_port: int = 11112
    dicom_address: str = "127.0.0.1"
    dicom_associations: int = 8
    static_dir: Path
    accel_prefix: str
    second_factor: str
    session_idle_minutes: float
    session_hours: float
    trash_days: int
    log_format: str
    metrics_token: str
    throttle_strangers: str
    throttle_users: str
    sockets_per_user: int
    upload_gib_per_user_and_day: float
    upload_gib_per_site: float
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    oidc_scopes: list[str]
    oidc_groups_claim: str
    oidc_match_claim: str
    oidc_roles: list[GroupRole] = field(default_factory=list)
    s3_bucket: str = ""
    s3_endpoint_url: str = ""
    s3_region: str = ""
    s3_prefix: str = ""
    s3_access_key_id: str = ""
    s3_secret_access_key: str = ""
    s3_cache_gib: float = 100.0
    extra_apps: list[str] = field(default_factory=list)


# These may also be given as a file (NAME_FILE), as container engines hand over secrets.
SECRETS = (
    "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "REDIS_URL", "METRICS_TOKEN", "OIDC_CLIENT_SECRET",
    "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY",
)  # fmt: skip


class _Reader:
    """Reads variables, collecting complaints instead of stopping at the first."""

    def __init__(self) -> None:
        self.env = environ.Env()
        self.complaints: list[str] = []
        for name in SECRETS:
            self._from_file(name)

    def _from_file(self, name: str) -> None:
        """NAME_FILE instead of NAME; both is a contradiction."""
        path = os.environ.get(f"{name}_FILE")
        if not path:
            return
        try:
            value = Path(path).read_text("utf-8").strip()
        except OSError as error:
            self.complaints.append(f"{name}_FILE={path} cannot be read ({error.strerror}).")
            return
        if os.environ.get(name, value) != value:
            self.complaints.append(f"{name} and {name}_FILE are both set, and differ: remove one.")
            return
        os.environ[name] = value

    def flag(self, name: str, default: bool) -> bool:
        text = self.env.str(name, "1" if default else "0").strip().lower()
        if text in {"1", "true", "yes", "on"}:
            return True
        if text in {"", "0", "false", "no", "off"}:
            return False
        self.complaints.append(f"{name}={text!r} is not a yes or no: use 1 or 0.")
        return default

    def choice(self, name: str, options: list[str]) -> str:
        """One of the options; the first where nothing is said."""
        text = self.env.str(name, "") or options[0]
        if text not in options:
            self.complaints.append(f"{name}={text!r}: use {', '.join(options[:-1])} or {options[-1]}.")
            return options[0]
        return text

    def seconds(self, name: str, default: float, least: float, unit: str = "seconds") -> float:
        text = self.env.str(name, str(default))
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not value >= least:
            self.complaints.append(f"{name}={text!r} must be a number of {unit}, at least {least:g}.")
            return default
        return value

    def prefix(self, name: str) -> str:
        """A path of addresses, as ``/protected/``, or nothing."""
        text = self.env.str(name, "")
        if text and not (text.startswith("/") and text.endswith("/")):
            self.complaints.append(f"{name}={text!r} must begin and end with a slash, as /protected/.")
        return text

    def days(self, name: str, default: int, least: int) -> int:
        text = self.env.str(name, str(default)).strip()
        if not text.isdigit() or int(text) < least:
            self.complaints.append(f"{name}={text!r} must be a whole number of days, at least {least}.")
            return default
        return int(text)

    def database(self, home: Path) -> dict[str, Any]:
        url = self.env.str("DATABASE_URL", "") or f"sqlite:///{home / 'hepastage.sqlite3'}"
        scheme = urlsplit(url).scheme
        if scheme == "sqlite":
            config = dict(self.env.db_url_config(url))
            config["OPTIONS"] = {
                # Readers never wait; a writer takes its lock at once instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
            }
            # A file rather than memory, so that tests can let real worker processes use it.
            config["TEST"] = {"NAME": str(home / "test.sqlite3")}
            return config
        if scheme in {"postgres", "postgresql"}:
            config = dict(self.env.db_url_config(url))
            if size := self.whole("DATABASE_POOL", 0, 0, 1000):
                # A connection takes longer to make than most questions take to answer. Kept ones are tried
                # before they are used; where the database is away nobody waits for long (six seconds: the
                # health check of docker/Dockerfile waits for eight), and the first who asks again makes one.
                config["CONN_HEALTH_CHECKS"] = True
                config["OPTIONS"] = config.get("OPTIONS", {}) | {
                    "pool": {"min_size": 1, "max_size": size, "timeout": 6, "reconnect_timeout": 1}
                }
            return config
        self.complaints.append(
            f"DATABASE_URL has the scheme {scheme!r}: use sqlite:///path or postgres://user:password@host/name."
        )
        return {"ENGINE": "django.db.backends.dummy"}

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.env.str(name, str(default)).strip()
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self.complaints.append(f"{name}={text!r} must be a whole number from {least} to {most}.")
        return default

    def peers(self) -> list[DicomPeer]:
        peers, complaints = parse_peers(self.env.str("DICOM_AE_PEERS", ""))
        self.complaints += complaints
        return peers

    def issuer(self) -> str:
        """The identity provider's address, as its tokens name it."""
        url = self.env.str("OIDC_ISSUER", "").rstrip("/")
        if not url:
            return ""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
            self.complaints.append("OIDC_ISSUER must start with https://.")
        if len(url) > 200:
            self.complaints.append("OIDC_ISSUER is longer than 200 characters.")
        if not self.env.str("OIDC_CLIENT_ID", ""):
            self.complaints.append("OIDC_ISSUER needs OIDC_CLIENT_ID, and usually OIDC_CLIENT_SECRET.")
        if not (self.env.str("OIDC_ROLES", "") or self.env.str("OIDC_MATCH_CLAIM", "")):
            self.complaints.append(
                "OIDC_ISSUER lets in nobody without OIDC_ROLES or OIDC_MATCH_CLAIM: say which groups have "
                "which role, or which claim is the user name of accounts that administrators made."
            )
        return url

    def bucket(self) -> dict[str, str]:
        """The object storage, where there is one: ``s3_…`` of :class:`Environment`."""
        names = ("S3_BUCKET", "S3_ENDPOINT_URL", "S3_PREFIX", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
        found = {name.lower(): self.env.str(name, "").strip() for name in names}
        found["s3_region"] = self.env.str("S3_REGION", "") or "us-east-1"
        if not found["s3_bucket"]:
            return found
        if not (found["s3_access_key_id"] and found["s3_secret_access_key"]):
            self.complaints.append(
                "S3_BUCKET needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or files that hold them (…_FILE)."
            )
        if find_spec("boto3") is None:
            self.complaints.append("S3_BUCKET needs boto3: pip install -r requirements-s3.txt")
        url = found["s3_endpoint_url"]
        if url and urlsplit(url).scheme not in {"http", "https"}:
            self.complaints.append(
                "S3_ENDPOINT_URL must start with https:// (or http:// on a network of yours)."
            )
        prefix = found["s3_prefix"].strip("/")
        found["s3_prefix"] = f"{prefix}/" if prefix else ""
        return found

    def roles(self) -> list[GroupRole]:
        roles, complaints = parse_roles(self.env.str("OIDC_ROLES", ""))
        self.complaints += complaints
        return roles

    def redis(self) -> str:
        url = self.env.str("REDIS_URL", "")
        if url and urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            self.complaints.append(
                "REDIS_URL must start with redis://, rediss:// or unix://, or be absent (workers then poll)."
            )
        return url

    def secret_key(self, home: Path, own_database: bool) -> str:
        """The variable; else, on one machine, a key made once and kept readable by its owner only."""
        key = self.env.str("SECRET_KEY", "")
        if key:
            if len(key) < 32:
                self.complaints.append("SECRET_KEY is shorter than 32 characters: make a longer one.")
            return key
        if not own_database:
            self.complaints.append(
                "SECRET_KEY must be set together with DATABASE_URL: every web server and worker needs the "
                "same one. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
            return secrets.token_urlsafe(48)
        path = home / "secret_key"
        try:
            home.mkdir(parents=True, exist_ok=True)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return path.read_text().strip()
            key = secrets.token_urlsafe(48)
            with os.fdopen(descriptor, "w") as file:
                file.write(key + "\n")
            return key
        except OSError as error:
            self.complaints.append(
                f"HEPASTAGE_HOME={home} cannot be written ({error.strerror}): choose a folder of yours."
            )
            return secrets.token_urlsafe(48)


def private_folder(path: Path) -> Path:
    """``path`` as a folder that only this user may enter. Where that fails, ``manage.py check`` says so."""
    with suppress(OSError):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    return path


def read_environment() -> Environment:
    """Read and check everything, or raise ``ImproperlyConfigured`` with one line per complaint."""
    reader = _Reader()
    home = Path(reader.env.str("HEPASTAGE_HOME", str(BASE_DIR / "var"))).expanduser().resolve()
    log_level = reader.env.str("LOG_LEVEL", "INFO").upper()
    if log_level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        reader.complaints.append(f"LOG_LEVEL={log_level!r}: use DEBUG, INFO, WARNING or ERROR.")
        log_level = "INFO"
    environment = Environment(
        home=home,
        debug=reader.flag("DEBUG", False),
        https=reader.flag("HTTPS", False),
        secret_key=reader.secret_key(
            home, own_database=not reader.env.str("DATABASE_URL", "").startswith("postgres")
        ),
        secret_key_fallbacks=reader.env.list("SECRET_KEY_FALLBACKS", default=[]),
        allowed_hosts=reader.env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"]),
        csrf_trusted_origins=reader.env.list("CSRF_TRUSTED_ORIGINS", default=[]),
        database=reader.database(home),
        redis_url=reader.redis(),
        log_level=log_level,
        job_lease_seconds=reader.seconds("JOB_LEASE_SECONDS", 15, least=1),
        job_reconcile_seconds=reader.seconds("JOB_RECONCILE_SECONDS", 2, least=0.1),
        job_child_grace_seconds=reader.seconds("JOB_CHILD_GRACE_SECONDS", 30, least=0.1),
        quarantine_days=reader.days("QUARANTINE_DAYS", 30, least=1),
        dicom_ae_title=reader.env.str("DICOM_AE_TITLE", "HEPASTAGE")[:16],
        dicom_ae_peers=reader.peers(),
        dicom_port=reader.whole("DICOM_PORT", 11112, 1, 65535),
        dicom_address=reader.env.str("DICOM_ADDRESS", "127.0.0.1"),
        dicom_associations=reader.whole("DICOM_ASSOCIATIONS", 8, 1, 256),
        static_dir=Path(reader.env.str("STATIC_DIR", str(home / "static"))).expanduser().resolve(),
        accel_prefix=reader.prefix("ACCEL_PREFIX"),
        second_factor=reader.choice("SECOND_FACTOR", ["optional", "administrators", "everyone"]),
        session_idle_minutes=reader.seconds("SESSION_IDLE_MINUTES", 60, least=1, unit="minutes"),
        trash_days=reader.whole("TRASH_DAYS", 30, 1, 3650),
        log_format=reader.choice("LOG_FORMAT", ["line", "json"]),
        metrics_token=reader.env.str("METRICS_TOKEN", ""),
        throttle_strangers=f"{reader.whole('THROTTLE_STRANGERS', 600, 1, 1_000_000)}/min",
        throttle_users=f"{reader.whole('THROTTLE_USERS', 6000, 1, 1_000_000)}/min",
        sockets_per_user=reader.whole("SOCKETS_PER_USER", 32, 1, 10_000),
        upload_gib_per_user_and_day=reader.seconds("UPLOAD_GIB_PER_USER_AND_DAY", 50, least=0, unit="GiB"),
        upload_gib_per_site=reader.seconds("UPLOAD_GIB_PER_SITE", 2000, least=0, unit="GiB"),
        oidc_issuer=reader.issuer(),
        oidc_client_id=reader.env.str("OIDC_CLIENT_ID", ""),
        oidc_client_secret=reader.env.str("OIDC_CLIENT_SECRET", ""),
        oidc_name=reader.env.str("OIDC_NAME", "") or "Single sign-on",
        oidc_scopes=reader.env.str("OIDC_SCOPES", "openid profile email").split(),
        oidc_groups_claim=reader.env.str("OIDC_GROUPS_CLAIM", "groups"),
        oidc_match_claim=reader.env.str("OIDC_MATCH_CLAIM", ""),
        oidc_roles=reader.roles(),
        session_hours=reader.seconds("SESSION_HOURS", 12, least=0.1, unit="hours"),
        **reader.bucket(),
        s3_cache_gib=reader.seconds("S3_CACHE_GIB", 100, least=0.001, unit="GiB"),
        extra_apps=reader.env.list("EXTRA_APPS", default=[]),
    )
    if reader.complaints:
        raise ImproperlyConfigured("\n".join(["HepaStage cannot start:", *reader.complaints]))
    return environment
