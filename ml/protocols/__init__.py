"""What one does with a cohort and a model: train, evaluate, benchmark, stage."""
