"""An S3 server of the tests' own: moto in a process of its own on loopback, which can be killed or stopped.

It keeps its objects in memory: after a kill it comes back empty, which is a worse accident than most.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

BUCKET = "hepastage"


class S3Server:
    """One server at one port, with one bucket."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> S3Server:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        environment = {**os.environ, "AWS_EC2_METADATA_DISABLED": "true"}
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        )
        give_up_at = time.monotonic() + 40
        while not self._answers():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < give_up_at, "the server does not answer"
            time.sleep(0.05)
        self.raw().create_bucket(Bucket=BUCKET)
        return self

    def raw(self) -> Any:
        """A client that goes round ours."""
        import boto3

        session = boto3.session.Session(aws_access_key_id="tests", aws_secret_access_key="tests")
        return session.client("s3", endpoint_url=self.url, region_name="us-east-1")

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def empty(self) -> None:
        client = self.raw()
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
            for found in page.get("Contents", []):
                client.delete_object(Bucket=BUCKET, Key=found["Key"])

    def names(self) -> set[str]:
        pages = self.raw().get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return {found["Key"] for page in pages for found in page.get("Contents", [])}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/moto-api/", timeout=1):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
