"""Which columns of imaging name a stored file: what the storage check compares with the disk."""

from __future__ import annotations

from webapp.imaging.storage import Room

# (room, model, column). An empty column names none.
REFERENCES: list[tuple[Room, str, str]] = [
    (Room.IMAGES, "imaging.Image", "sha256"),
    (Room.ANALYSIS, "imaging.Image", "analysis_sha256"),
    (Room.QUARANTINE, "imaging.UploadFile", "quarantine_sha256"),
]
# Columns called like hashes that name no file.
OTHERS = frozenset({("imaging.Image", "pixel_sha256"), ("imaging.UploadFile", "sha256")})
