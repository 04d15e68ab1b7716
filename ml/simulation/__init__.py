"""Simulated paired ultrasound: physics-based speckle, two probes, five stages, plainly marked as simulated.

Shows everything else at work where there are no patients; never evidence of clinical performance.
"""

from ml.simulation.cohort import SimulationMismatch, simulate
from ml.simulation.patient import SimulatedPatient, simulate_patient

__all__ = ["SimulatedPatient", "SimulationMismatch", "simulate", "simulate_patient"]
