"""Specifications at the edge: pydantic decides, the API and the forms repeat its words.

``ml.spec.TrainSpec`` (and ``SegmenterSpec``) is the one definition. Here it becomes a request field whose
errors name the field (``spec.transfer.epochs``), a component of the OpenAPI schema, and a form's JSON Schema.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pydantic
from django.conf import settings
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers
from rest_framework.utils import html

from ml.spec import HepaStageError, TrainSpec
from ml.spec.presets import PRESETS
from ml.spec.training import EMBEDDED, NO_WEIGHTS


class TransferSourceRefused(HepaStageError):
    """A first-transfer folder outside the one that the operator offers."""

    code = "transfer-source-refused"
    remedy = "Use 'embedded', or a folder that the operator put under 'sources' in the HepaStage home folder."


class WeightsFileRefused(HepaStageError):
    """A file of published weights outside the folder that the operator offers."""

    code = "weights-file-refused"
    remedy = "Use 'none', or a file that the operator put under 'sources' in the HepaStage home folder."


class SpecField(serializers.Field):
    """A specification in a request (as text of JSON where a form carries files); plain JSON in a response."""

    def __init__(self, spec: type[pydantic.BaseModel] = TrainSpec, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spec = spec

    def to_internal_value(self, data: Any) -> pydantic.BaseModel:
        try:
            if isinstance(data, str) and html.is_html_input(getattr(self.root, "initial_data", None)):
                return self.spec.model_validate_json(data)
            return self.spec.model_validate(data)
        except pydantic.ValidationError as error:
            raise serializers.ValidationError(field_errors(error)) from error

    def to_representation(self, value: Any) -> dict[str, Any]:
        return value.model_dump(mode="json") if isinstance(value, pydantic.BaseModel) else value


def field_errors(error: pydantic.ValidationError) -> dict[str, Any]:
    """Pydantic's errors as the nested dictionary that the REST framework flattens to dotted fields."""
    nested: dict[str, Any] = {}
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        *parents, last = [str(part) for part in item["loc"]] or ["non_field_errors"]
        place = nested
        for parent in parents:
            place = place.setdefault(parent, {})
        detail = serializers.ErrorDetail(item["msg"], code=item["type"])
        place.setdefault(last, []).append(detail)
    return nested


def sources_folder() -> Path:
    """Where the operator puts weights and pictures to start from; specifications name what lies below."""
    return Path(settings.HOME) / "sources"


def checked_source(spec: TrainSpec) -> TrainSpec:
    """Refuse a first-transfer folder or a file of weights that a web request has no business to read.

    What is kept is the name below :func:`sources_folder`: a specification goes out with models and reports,
    to other machines, and a path of this one has no meaning there.
    """
    if spec.transfer.first and spec.transfer.source != EMBEDDED:
        name = _offered(spec.transfer.source)
        if name is None or not (sources_folder() / name).is_dir():
            raise TransferSourceRefused(f"There is no first-transfer source {spec.transfer.source!r} here.")
        transfer = spec.transfer.model_copy(update={"source": name})
        spec = spec.model_copy(update={"transfer": transfer})
    if spec.pretrained != NO_WEIGHTS:
        name = _offered(spec.pretrained)
        if name is None or not (sources_folder() / name).is_file():
            raise WeightsFileRefused(f"There is no file of weights {spec.pretrained!r} here.")
        spec = spec.model_copy(update={"pretrained": name})
    return spec


def _offered(name: str) -> str | None:
    """What ``name`` is called below the operator's folder of sources; ``None`` where it points elsewhere."""
    if "\0" in name:
        return None
    offered = sources_folder().resolve()
    chosen = (offered / name).resolve()
    return chosen.relative_to(offered).as_posix() if chosen.is_relative_to(offered) else None


def form() -> dict[str, Any]:
    """JSON Schema of the launch form and the presets to start from."""
    return {
        "schema": TrainSpec.model_json_schema(),
        "presets": [
            {
                "key": preset.key,
                "title": preset.title,
                "description": preset.description,
                "spec": preset.spec.model_dump(mode="json"),
            }
            for preset in PRESETS.values()
        ],
    }


def _as_openapi_3_0(schema: Any) -> Any:
    """JSON Schema 2020-12 in the older words of OpenAPI 3.0: exclusive bounds are flags there."""
    if isinstance(schema, list):
        return [_as_openapi_3_0(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    older = {key: _as_openapi_3_0(value) for key, value in schema.items()}
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(older.get(exclusive), int | float) and not isinstance(older[exclusive], bool):
            older |= {bound: older[exclusive], exclusive: True}
    return older


class SpecFieldSchema(OpenApiSerializerFieldExtension):
    """Shows :class:`SpecField` as a component of its specification's name (``TrainSpec``) with its parts."""

    target_class = "webapp.training.specs.SpecField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        spec = self.target.spec
        schema = spec.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = {**schema.pop("$defs", {}), spec.__name__: schema}
        for name, part in parts.items():
            auto_schema.registry.register_on_missing(
                ResolvedComponent(
                    name=name, type=ResolvedComponent.SCHEMA, object=name, schema=_as_openapi_3_0(part)
                )
            )
        return {"$ref": f"#/components/schemas/{spec.__name__}"}
