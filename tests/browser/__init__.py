"""Walks through the pages in a real browser; a package, so that its house is closed where it ends."""
