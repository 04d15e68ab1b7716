"""A signed report as DICOM Comprehensive SR, template TID 1500 "Measurement Report" (PS3.16).

One measurement group (TID 1501) about the liver: the probability of each stage and of at least S2, S3
and S4, APRI and FIB-4 where there are any, and as qualitative evaluations the model's stage, why a
specialist should look, the reviewer's stage, the decision with its reasons, and whether the data are
simulated. Stages have codes of our own (``99HEPASTAGE``): SNOMED CT has none for the S0–S4 of chronic
hepatitis B.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ml.spec.referral import Referral, referral_of
from webapp.staging.exports.dicom import (
    MAKER,
    SCHEME,
    SERIES,
    person_name,
    source_of,
    stamp,
    uid_of,
    written,
)
from webapp.staging.exports.words import say

STAGES = ("S0", "S1", "S2", "S3", "S4")
REFERRALS = {
    Referral.WIDE_SET: ("WIDE-SET", "More than two stages cannot be ruled out"),
    Referral.UNFAMILIAR: ("UNFAMILIAR", "Pictures unlike those of the training"),
}


def report_sr(facts: dict[str, Any], *, content_hash: str) -> bytes:
    """The SR file; valid for ``dsrdump``, and the same bytes for the same report."""
    from highdicom.sr import ComprehensiveSR, MeasurementReport, SourceImageForMeasurementGroup
    from pydicom.sr.codedict import codes

    identity = facts["report"]["id"]
    evidence = [source_of(image) for image in facts["images"]]
    pictured = {picture["image"]: picture["frame"] for picture in facts["pictures"]}
    sources = [
        SourceImageForMeasurementGroup(
            str(source.SOPClassUID),
            str(source.SOPInstanceUID),
            [pictured[image["id"]] + 1] if image["id"] in pictured and image["frame_count"] > 1 else None,
        )
        for image, source in zip(facts["images"], evidence, strict=True)
    ]
    content = MeasurementReport(
        observation_context=_observers(facts),
        procedure_reported=codes.SCT.DiagnosticUltrasonography,
        imaging_measurements=[_group(facts, sources)],
        title=codes.DCM.ImagingMeasurementReport,
    )
    document = ComprehensiveSR(
        evidence=evidence,
        content=content[0],
        series_instance_uid=uid_of(identity, "sr-series"),
        series_number=SERIES["SR"],
        sop_instance_uid=uid_of(identity, "sr"),
        instance_number=facts["report"]["version"],
        manufacturer=MAKER,
        is_complete=True,
        is_final=True,
        is_verified=True,
        institution_name=facts["patient"]["site"]["name"][:64],
        verifying_observer_name=person_name(facts["signature"]["name"]),
        verifying_organization=facts["patient"]["site"]["name"][:64],
    )
    document.SeriesDescription = (
        "HepaStage report, SIMULATED DATA" if facts["simulated"] else "HepaStage report"
    )
    document.SoftwareVersions = facts["code"]["version"]
    document.ContentLabel = "HEPASTAGE"
    document.CompletionFlagDescription = f"SHA-256 {content_hash}"[:64]
    stamp(document, facts)
    return written(document)


def _observers(facts: dict[str, Any]) -> Any:
    from highdicom.sr import (
        DeviceObserverIdentifyingAttributes,
        ObservationContext,
        ObserverContext,
        PersonObserverIdentifyingAttributes,
    )
    from pydicom.sr.codedict import codes

    model = facts["model"]
    person = ObserverContext(
        codes.DCM.Person,
        PersonObserverIdentifyingAttributes(
            name=person_name(facts["signature"]["name"]), login_name=facts["signature"]["username"][:64]
        ),
    )
    device = ObserverContext(
        codes.DCM.Device,
        DeviceObserverIdentifyingAttributes(
            uid=uid_of(model["id"], "model"), name=model["name"][:64], manufacturer_name=MAKER
        ),
    )
    return ObservationContext(observer_person_context=person, observer_device_context=device)


def _group(facts: dict[str, Any], sources: list[Any]) -> Any:
    from highdicom.sr import (
        AlgorithmIdentification,
        FindingSite,
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        TrackingIdentifier,
    )
    from pydicom.sr.codedict import codes

    model = facts["model"]
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=uid_of(facts["report"]["id"], "liver"), identifier="Liver fibrosis"
        ),
        finding_type=codes.SCT.Fibrosis,
        algorithm_id=AlgorithmIdentification(
            name=model["name"],
            version=model["weights_sha256"][:64],
            parameters=[f"dataset {facts['dataset']['hash']}", f"code {facts['code']['version']}"],
            manufacturer=MAKER,
        ),
        finding_sites=[FindingSite(codes.SCT.Liver)],
        measurements=list(_measurements(facts)),
        qualitative_evaluations=[
            QualitativeEvaluation(_code(*name), _code(*value)) for name, value in _evaluations(facts)
        ],
        source_images=sources,
    )


def _measurements(facts: dict[str, Any]) -> Iterator[Any]:
    """Shares as percentages; scores without a unit."""
    from highdicom.sr import Measurement
    from pydicom.sr.codedict import codes

    result = facts["staging"]["result"]
    for stage in STAGES:
        name = _code(f"PROBABILITY-{stage}", f"Probability of stage {stage}")
        yield Measurement(name, round(result["probabilities"][stage] * 100, 4), codes.UCUM.Percent)
    for stage in ("S2", "S3", "S4"):
        name = _code(f"AT-LEAST-{stage}", f"Probability of at least stage {stage}")
        yield Measurement(name, round(result["at_least"][stage] * 100, 4), codes.UCUM.Percent)
    for key, meaning in (("apri", "AST to platelet ratio index"), ("fib4", "FIB-4 index")):
        value = (facts["serum"] or {}).get(key)
        if value is not None:
            yield Measurement(_code(key.upper(), meaning), value, codes.UCUM.NoUnits)


def _evaluations(facts: dict[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    review, result = facts["review"], facts["staging"]["result"]
    yield ("MODEL-STAGE", "Stage by the model"), _stage(result["stage"])
    for stage in result["prediction_set"]:
        yield ("PREDICTION-SET", "Stage that cannot be ruled out"), _stage(stage)
    for referral in referral_of(result):
        yield ("REFERRAL", "Why a specialist should look"), REFERRALS[referral]
    yield ("REVIEWED-STAGE", "Stage by the reviewer"), _stage(review["stage"])
    yield ("DECISION", "Decision of the reviewer"), (review["decision"].upper(), review["decision"])
    for reason in review["reasons"]:
        yield ("REASON", "Reason of the decision"), (_short(reason), say("en", f"reason.{reason}"))
    kind = ("SIMULATED", "Simulated data") if facts["simulated"] else ("RECORDED", "Recorded data")
    yield ("DATA", "Kind of data"), kind
    yield ("USE", "Intended use"), ("RESEARCH", "Not a medical device; for research")


def _stage(stage: str | None) -> tuple[str, str]:
    return ("NOT-STAGED", "Cannot be staged") if stage is None else (stage, f"Liver fibrosis stage {stage}")


def _short(code: str) -> str:
    """A code value has at most 16 characters (PS3.3 §8.1)."""
    return code.upper()[:16]


def _code(value: str, meaning: str) -> Any:
    from highdicom.sr import CodedConcept

    return CodedConcept(_short(value), SCHEME, meaning[:64])
