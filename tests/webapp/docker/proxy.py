"""docker/nginx.conf with this machine's ports and folders in the place of the containers' ones."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.webapp.docker.reading import DOCKER


def certificate(folder: Path) -> Path:
    """A certificate for localhost that signs itself; its path."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "tls.crt"


def nginx_conf(folder: Path, *, web: int, plain: int, tls: int, storage: Path) -> Path:
    """The configuration of docker/, moved: same directives, other places. Every place must be found."""
    text = (DOCKER / "nginx.conf").read_text("utf-8")
    shutil.copy("/etc/nginx/mime.types", folder / "mime.types")
    for there, here in (
        ("/tmp/", f"{folder}/"),
        ("server web:8000;", f"server 127.0.0.1:{web};"),
        ("listen 8080 default_server;", f"listen 127.0.0.1:{plain} default_server;"),
        ("listen 8443 ssl", f"listen 127.0.0.1:{tls} ssl"),
        ("/etc/nginx/certs/", f"{folder}/"),
        ("/etc/nginx/mime.types", f"{folder}/mime.types"),
        ("alias /data/storage/;", f"alias {storage}/;"),
        ("/dev/stdout", f"{folder}/access.log"),
        ("/dev/stderr", f"{folder}/error.log"),
        ("worker_processes auto;", "worker_processes 1;"),
    ):
        assert there in text, there
        text = text.replace(there, here)
    config = folder / "nginx.conf"
    config.write_text(text)
    return config
