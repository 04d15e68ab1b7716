"""The browser app's one page, with the nonce of this answer's Content-Security-Policy put in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

PLACEHOLDER = "__CSP_NONCE__"

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>HepaStage</title>
<h1>The browser app is not built</h1>
<p>Run <code>make run</code>, which builds it, or build it by hand:
<code>cd frontend &amp;&amp; npm ci &amp;&amp; npm run build</code>, then restart.</p>
<p>The API answers meanwhile: <a href="/api/v1/schema/">/api/v1/schema/</a>.</p></html>"""


@require_safe
@ensure_csrf_cookie
def index(request: HttpRequest) -> HttpResponse:
    """The build's ``index.html`` for every address of the browser app; never cached.

    The collected copy first: it names the assets that were collected with it, also after a new build.
    """
    collected = Path(settings.STATIC_ROOT) / "app" / "index.html"
    page = collected if collected.exists() else Path(settings.FRONTEND_DIST) / "index.html"
    try:
        text = _read(page, page.stat().st_mtime_ns)
    except OSError:
        return HttpResponse(NOT_BUILT, status=503)
    response = HttpResponse(text.replace(PLACEHOLDER, str(getattr(request, "csp_nonce", ""))))
    response["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=2)
def _read(page: Path, changed_at: int) -> str:
    return page.read_text(encoding="utf-8")
