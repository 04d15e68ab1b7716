"""What a machine cannot do, in the words of an expected failure: files, disks, memory."""

from __future__ import annotations

import errno

from ml.spec.errors import HepaStageError

FULL = {errno.ENOSPC, errno.EDQUOT}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
NO_MEMORY = ("can't allocate memory", "out of memory")  # PyTorch's words on a CPU and on a GPU


class MachineRefused(HepaStageError):
    """The machine did not let a command read, write or compute."""

    code = "file-unusable"
    remedy = "Check the path and the disk, then give the same command again."


def refusal_of(error: Exception) -> MachineRefused | None:
    """The expected failure that this is; ``None`` for a fault of the program, which keeps its traceback."""
    if isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(words in str(error) for words in NO_MEMORY)
    ):
        return MachineRefused(
            "There is not enough memory.",
            code="out-of-memory",
            remedy="Take a smaller batch (--set batch_size=8) or fewer --jobs; the same command goes on.",
        )
    if not isinstance(error, OSError):
        return None
    place = f": {error.filename}" if error.filename else ""
    if error.errno in FULL:
        return MachineRefused(
            f"The disk is full{place}.",
            code="disk-full",
            remedy="Make room, then give the same command again: a training goes on where it was.",
        )
    if error.errno in FORBIDDEN:
        return MachineRefused(
            f"{error.strerror}{place}.",
            code="not-permitted",
            remedy="Choose a place that you may read and write, or ask for the right to.",
        )
    return MachineRefused(f"{error.strerror or error}{place}.")
