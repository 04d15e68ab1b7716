"""``/api/v1/schema/``: the API's description, written once for each form of it and kept.

It is open to strangers and takes half a second of a processor to make; it is the same for everybody and does
not change while a process runs.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

_documents: dict[str, bytes] = {}  # by media type, of which there are four
_making = Lock()


class SchemaView(SpectacularAPIView):
    """OpenAPI 3, as YAML or JSON; in English, whatever the parameters ``lang`` and ``version`` say."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer: Any = request.accepted_renderer  # type: ignore[attr-defined]
        return HttpResponse(
            self._document(renderer),
            content_type=f"{renderer.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="HepaStage.{renderer.format}"'},
        )

    def _document(self, renderer: BaseRenderer) -> bytes:
        with _making:  # those who come meanwhile wait for it instead of making their own
            if renderer.media_type not in _documents:
                with translation.override("en"):
                    described = self.generator_class().get_schema(public=True)
                    text: Any = renderer.render(described, renderer.media_type, {})
                _documents[renderer.media_type] = text if isinstance(text, bytes) else text.encode()
            return _documents[renderer.media_type]
