"""From a folder of images to a cohort: the cache, the strict split, the leak test, the tables."""

from ml.cohort.cache import Cohort, CohortImage, load_cache, write_cache
from ml.cohort.clinical import ClinicalRow, read_clinical_table
from ml.cohort.errors import CohortError, LeakDetected, TableRefused
from ml.cohort.external import join_external
from ml.cohort.folds import Fold, leave_one_site_out, repeated_folds
from ml.cohort.leak import assert_no_leak, pixel_hash
from ml.cohort.prepare import prepare
from ml.cohort.shrink import shrunk
from ml.cohort.split import read_assignments, split_patients
from ml.cohort.tables import StageRow, read_stage_table

__all__ = [
    "ClinicalRow",
    "Cohort",
    "CohortError",
    "CohortImage",
    "Fold",
    "LeakDetected",
    "StageRow",
    "TableRefused",
    "assert_no_leak",
    "join_external",
    "leave_one_site_out",
    "load_cache",
    "pixel_hash",
    "prepare",
    "read_assignments",
    "read_clinical_table",
    "read_stage_table",
    "repeated_folds",
    "shrunk",
    "split_patients",
    "write_cache",
]
