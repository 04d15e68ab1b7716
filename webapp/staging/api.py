"""Addresses of the top room: stagings, and the views that bring the rooms together."""

from __future__ import annotations

from webapp.staging.cohort_api import CohortViewSet
from webapp.staging.curation_api import CurationViewSet
from webapp.staging.in_use_api import ModelUseViewSet
from webapp.staging.report_api import ReportViewSet
from webapp.staging.review_api import ReviewViewSet
from webapp.staging.staging_api import StagingViewSet
from webapp.staging.worklist_api import ExamViewSet, PatientViewSet

ROUTES = [
    ("patients", PatientViewSet, "patient"),
    ("exams", ExamViewSet, "exam"),
    ("cohort", CohortViewSet, "cohort"),
    ("curation", CurationViewSet, "curation"),
    ("model-use", ModelUseViewSet, "model-use"),
    ("stagings", StagingViewSet, "staging"),
    ("reviews", ReviewViewSet, "review"),
    ("reports", ReportViewSet, "report"),
]
