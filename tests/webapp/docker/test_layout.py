"""The production layout, checked without an engine: images, compose files, the proxy, secrets."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.webapp.docker.proxy import certificate, nginx_conf
from tests.webapp.docker.reading import DOCKER, build_stages, command_of, compose, effective

IMAGES = ("web", "worker")
OURS = ("web", "migrate", "work-train", "work-infer", "work-cpu", "reconcile", "backup")


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_runs_as_nobody_special_under_an_init_and_says_how_it_is(name: str):
    assert effective(name, "USER") == "10001:10001"
    assert "tini" in (effective(name, "ENTRYPOINT") or "")
    assert json.loads((effective(name, "HEALTHCHECK") or "").partition("CMD ")[2])
    assert json.loads(effective(name, "CMD") or "")


def test_every_base_image_has_a_version():
    stages = build_stages()
    for stage in stages.values():
        assert stage.base in stages or ":" in stage.base, stage.base
        assert not stage.base.endswith(":latest")


def test_the_image_holds_no_secret_and_no_package_lists():
    for stage in build_stages().values():
        assert not stage.values("ADD")
        for value in stage.values("ENV") + stage.values("ARG"):
            assert "SECRET" not in value
            assert "PASSWORD" not in value
        for value in stage.values("RUN"):
            if "apt-get install" in value:
                assert "--no-install-recommends" in value
                assert "rm -rf /var/lib/apt/lists" in value


def test_only_what_is_needed_goes_to_the_builder():
    lines = (DOCKER / "Dockerfile.dockerignore").read_text().split()
    assert lines[0] == "*"
    copied = {
        source.rstrip("/")
        for stage in build_stages().values()
        for value in stage.values("COPY")
        if not value.startswith("--from")
        for source in value.split()[:-1]
    }
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {Path(source).parts[0] for source in copied} <= allowed


def test_hadolint_has_nothing_to_say():
    program = shutil.which("hadolint")
    if program is None:
        pytest.skip("hadolint is not installed; its most important rules are the tests above")
    result = subprocess.run(
        [program, str(DOCKER / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_compose_files_follow_the_specification():
    files = [str(path) for path in sorted(DOCKER.glob("compose*.yaml"))]
    assert len(files) == 5
    program = Path(sys.executable).with_name("check-jsonschema")
    result = subprocess.run(
        [str(program), "--builtin-schema", "vendor.compose-spec", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("file", ["compose.yaml", "compose.worker.yaml", "compose.worker-s3.yaml"])
def test_every_container_is_shut_in(file: str):
    for name, service in compose(file)["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service, name
        assert not any("docker.sock" in str(volume) for volume in service.get("volumes", [])), name


def test_only_the_proxy_can_be_reached_from_outside():
    described = compose()
    assert [name for name, service in described["services"].items() if "ports" in service] == ["proxy"]
    inner = {name for name, network in described["networks"].items() if network.get("internal")}
    for name, service in described["services"].items():
        if name != "proxy":
            assert set(service["networks"]) <= inner, name


def test_secrets_come_as_files_and_never_as_variables():
    described = compose()
    for name in OURS:
        service = described["services"][name]
        for variable in service["environment"]:
            assert variable.endswith("_FILE") or not any(
                word in variable for word in ("SECRET", "PASSWORD", "DATABASE_URL", "REDIS_URL")
            )
        paths = {value for key, value in service["environment"].items() if key.endswith("_FILE")}
        assert paths == {f"/run/secrets/{secret}" for secret in service["secrets"]}, name


def test_every_program_of_ours_is_told_of_the_bucket_and_its_credentials_come_as_files():
    added = compose("compose.s3.yaml")
    assert set(added["services"]) == set(OURS)
    further = compose("compose.worker-s3.yaml")
    for service in [*added["services"].values(), *further["services"].values()]:
        told = service["environment"]
        assert {"S3_BUCKET", "S3_ENDPOINT_URL", "S3_REGION", "S3_PREFIX", "S3_CACHE_GIB"} <= set(told)
        assert not {"S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"} & set(told)
        paths = {value for key, value in told.items() if key.endswith("_FILE")}
        assert paths == {f"/run/secrets/{secret}" for secret in service["secrets"]}
    assert "reconcile" in further["services"]  # a cache without one only grows


def test_every_program_of_one_machine_has_its_container(settings):
    from webapp.operations.processes import plan

    here = {" ".join(program.command[1:]) for program in plan(port=1).programs if "work" in program.name}
    there = {" ".join(command_of(name)[1:]) for name in OURS if name.startswith("work-")}
    assert here == there


def test_a_health_check_outlasts_the_wait_for_a_connection(monkeypatch: pytest.MonkeyPatch):
    from webapp.environment import read_environment

    for name, value in {
        "DATABASE_URL": "postgres://a:b@c/d",
        "SECRET_KEY": "x" * 40,
        "DATABASE_POOL": "2",
    }.items():
        monkeypatch.setenv(name, value)
    longest = read_environment().database["OPTIONS"]["pool"]["timeout"]
    check = effective("web", "HEALTHCHECK") or ""
    assert longest < int(check.partition("timeout=")[2].partition("s")[0])
    assert longest < int(check.partition("healthz', timeout=")[2].partition(")")[0])
    assert longest < int(compose()["services"]["proxy"]["healthcheck"]["timeout"].removesuffix("s"))


@pytest.mark.parametrize("name", OURS)
def test_what_is_measured_has_a_small_disk_of_its_own(name: str):
    service = compose()["services"][name]
    folder = service["environment"]["PROMETHEUS_MULTIPROC_DIR"]
    assert folder not in {"/tmp", "/data"}
    assert folder in {line.partition(":")[0] for line in service["tmpfs"]}


def test_secrets_are_made_once_and_fit_together(tmp_path: Path):
    script = tmp_path / "make-secrets.sh"
    shutil.copy(DOCKER / "make-secrets.sh", script)
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    folder = tmp_path / "secrets"
    held = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(held) == {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    assert held["postgres_password"] in held["database_url"]
    password = held["redis_conf"].splitlines()[0].removeprefix("requirepass ")
    assert f":{password}@" in held["redis_url"]
    assert len(held["secret_key"]) == 64
    assert "appendonly yes" in held["redis_conf"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    again = subprocess.run(["sh", str(script)], check=False, capture_output=True, text=True)
    assert (again.returncode, "left alone" in again.stderr) == (1, True)
    assert held == {path.name: path.read_text() for path in folder.iterdir()}


def test_the_proxy_accepts_its_configuration(tmp_path: Path):
    program = shutil.which("nginx")
    if program is None:
        absent("nginx is not installed (Debian: apt install nginx-light)")
    certificate(tmp_path)
    config = nginx_conf(tmp_path, web=1, plain=2, tls=3, storage=tmp_path)
    result = subprocess.run([program, "-t", "-c", str(config)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "warn" not in result.stderr.replace('the "user" directive', "")
