"""Where the body of a request lies until its view reads it: in the private spool, not in the machine's /tmp.

Django's own handler takes whatever ``tempfile`` thinks is best; ``FILE_UPLOAD_TEMP_DIR`` is only asked later,
for the files that are found in a body. Large bodies are files without a name, so that nothing is left of them
when the process dies.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler

from webapp import spool


class SpoolingHandler(ASGIHandler):
    """Django's handler of HTTP, but for the place of large bodies."""

    async def read_body(self, receive: Any) -> IO[bytes]:
        """The whole body, from its beginning. ``OSError`` where the disk of the spool is full."""
        body = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (Django closes it with the request)
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, mode="w+b", dir=str(spool.folder())
        )
        try:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestAborted
                body.write(message.get("body", b""))
                more = message.get("more_body", False)
            body.seek(0)
        except BaseException:
            with suppress(OSError):  # closing writes what is left over
                body.close()
            raise
        return body
