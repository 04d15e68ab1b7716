"""HepaStage's science: ultrasound in, fibrosis stages out. PyTorch and NumPy; never Django."""

__version__ = "0.1.0"
