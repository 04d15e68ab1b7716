"""Where the first transfer learns from: ten classes of natural images (paper §4.2)."""

from ml.sources.natural import EMBEDDED, Source, SourceRefused, load_source

__all__ = ["EMBEDDED", "Source", "SourceRefused", "load_source"]
