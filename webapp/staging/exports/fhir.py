"""A signed report as FHIR R4 DiagnosticReport with its Observations, patient and device contained.

https://hl7.org/fhir/R4/diagnosticreport.html. The patient is the pseudonym and no more; stages have codes
of our own system, since none of LOINC or SNOMED CT says S0–S4 of chronic hepatitis B.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ml.spec.referral import referral_of
from webapp.staging.exports.words import say

SYSTEM = "urn:hepastage:codes"
UCUM = "http://unitsofmeasure.org"
SEX = {"F": "female", "M": "male", "O": "other", "": "unknown"}
HTEST = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}


def report_fhir(facts: dict[str, Any], *, content_hash: str) -> bytes:
    """The resource as UTF-8 JSON, keys in order; the same report gives the same bytes."""
    return json.dumps(resource_of(facts, content_hash), ensure_ascii=False, indent=1).encode() + b"\n"


def resource_of(facts: dict[str, Any], content_hash: str) -> dict[str, Any]:
    """The DiagnosticReport. An amended version is ``amended``; simulated data carry the tag HTEST."""
    observations = list(_observations(facts))
    at = facts["signature"]["at"]
    resource: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": facts["report"]["id"],
        "meta": {"versionId": str(facts["report"]["version"]), "lastUpdated": at},
        "contained": [_patient(facts), _performer(facts), _device(facts), *observations],
        "identifier": [
            {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{facts['report']['id']}"},
            {"system": "urn:hepastage:content-sha256", "value": content_hash},
        ],
        "status": "amended" if facts["report"]["previous"] else "final",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0074", "code": "RUS"}]}
        ],
        "code": _concept("FIBROSIS-STAGING", "Liver fibrosis staging from ultrasound"),
        "subject": {"reference": "#patient", "display": facts["patient"]["pseudonym"]},
        "issued": at,
        "performer": [{"reference": "#reviewer"}],
        "resultsInterpreter": [{"reference": "#reviewer"}],
        "result": [{"reference": f"#{observation['id']}"} for observation in observations],
        "conclusion": _conclusion(facts),
        "conclusionCode": [_stage(facts["review"]["stage"])],
    }
    if facts["exam"]["date"]:
        resource["effectiveDateTime"] = facts["exam"]["date"]
    if facts["simulated"]:
        resource["meta"]["tag"] = [HTEST]
    return resource


def _patient(facts: dict[str, Any]) -> dict[str, Any]:
    patient = facts["patient"]
    return {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": [
            {"system": f"urn:hepastage:site:{patient['site']['code']}", "value": patient["pseudonym"]}
        ],
        "gender": SEX[patient["sex"]],
    }


def _performer(facts: dict[str, Any]) -> dict[str, Any]:
    signature = facts["signature"]
    return {
        "resourceType": "Practitioner",
        "id": "reviewer",
        "identifier": [{"system": "urn:hepastage:users", "value": signature["username"]}],
        "name": [{"text": signature["name"]}],
    }


def _device(facts: dict[str, Any]) -> dict[str, Any]:
    model, code = facts["model"], facts["code"]
    return {
        "resourceType": "Device",
        "id": "model",
        "identifier": [
            {"system": "urn:hepastage:models", "value": model["id"]},
            {"system": "urn:hepastage:weights-sha256", "value": model["weights_sha256"]},
        ],
        "deviceName": [{"name": model["name"], "type": "user-friendly-name"}],
        "version": [{"value": f"HepaStage {code['version']} {code['commit'] or ''}".strip()}],
        "property": [
            {
                "type": _concept("DATASET", "Training dataset, SHA-256"),
                "valueCode": [{"text": facts["dataset"]["hash"]}],
            }
        ],
        "note": [{"text": say("en", "research")}],
    }


def _observations(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    result, serum = facts["staging"]["result"], facts["serum"] or {}
    for stage, share in sorted(result["probabilities"].items()):
        code = _concept(f"PROBABILITY-{stage}", f"Probability of stage {stage}")
        yield _observation(facts, f"p-{stage}", code, _percent(share), by_model=True)
    for stage, share in sorted(result["at_least"].items()):
        code = _concept(f"AT-LEAST-{stage}", f"Probability of at least stage {stage}")
        yield _observation(facts, f"ge-{stage}", code, _percent(share), by_model=True)
    stage = _concept("MODEL-STAGE", "Stage by the model")
    yield _observation(facts, "model-stage", stage, _stage(result["stage"]), by_model=True)
    for key, words in (("apri", "AST to platelet ratio index"), ("fib4", "FIB-4 index")):
        if serum.get(key) is not None:
            value = {"value": serum[key], "unit": "1", "system": UCUM, "code": "1"}
            yield _observation(facts, key, _concept(key.upper(), words), value, by_model=False)


def _observation(
    facts: dict[str, Any], key: str, code: dict[str, Any], value: dict[str, Any], *, by_model: bool
) -> dict[str, Any]:
    observation: dict[str, Any] = {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "code": code,
        "subject": {"reference": "#patient"},
        "valueQuantity" if "value" in value else "valueCodeableConcept": value,
    }
    if by_model:
        observation["device"] = {"reference": "#model"}
    if facts["exam"]["date"]:
        observation["effectiveDateTime"] = facts["exam"]["date"]
    return observation


def _percent(share: float) -> dict[str, Any]:
    return {"value": round(share * 100, 4), "unit": "%", "system": UCUM, "code": "%"}


def _stage(stage: str | None) -> dict[str, Any]:
    if stage is None:
        return _concept("NOT-STAGED", say("en", "cannot-be-staged"))
    return _concept(stage, f"Liver fibrosis stage {stage}")


def _concept(code: str, words: str) -> dict[str, Any]:
    return {"coding": [{"system": SYSTEM, "code": code, "display": words}], "text": words}


def _conclusion(facts: dict[str, Any]) -> str:
    review, result = facts["review"], facts["staging"]["result"]
    key = {"agree": "agree", "change": "change", "cannot-be-staged": "cannot"}[review["decision"]]
    lines = [review["stage"] or say("en", "cannot-be-staged"), say("en", key, stage=result["stage"])]
    if review["reasons"]:
        lines.append("Reasons: " + "; ".join(say("en", f"reason.{reason}") for reason in review["reasons"]))
    lines += [say("en", f"referral.{referral}") for referral in referral_of(result)]
    lines += [words for words in (review["note"], facts["report"]["amendment_reason"]) if words]
    lines.append(say("en", "research"))
    if facts["simulated"]:
        lines.append(say("en", "simulated"))
    return "\n".join(lines)
