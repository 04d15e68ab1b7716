"""Faults that really happen to a running HepaStage, and what is left: ``python -m tests.faults``."""
