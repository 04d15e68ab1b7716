"""From a folder of images to a cohort: the cache, the strict split, the leak test, the tables."""

from ml.cohort.cache import Cohort, CohortImage, load_cache, write_cache
from ml.cohort.errors import CohortError, LeakDetected, TableRefused
from ml.cohort.leak import assert_no_leak
from ml.cohort.split import split_patients

__all__ = [
    "Cohort", "CohortError", "CohortImage", "LeakDetected", "TableRefused",
    "assert_no_leak", "load_cache", "split_patients", "write_cache",
]
