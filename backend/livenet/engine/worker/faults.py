"""Converts exceptions in a worker to errors for the user of the run or picture."""

from __future__ import annotations

import logging

from livenet.errors import EngineFailure, LivenetError, OutOfMemory, ProbeFailed

log = logging.getLogger("livenet.worker")


def out_of_memory(error: Exception) -> bool:
    """Whether Python or torch failed to allocate memory."""
    return isinstance(error, MemoryError) or "can't allocate memory" in str(error)


def foreseen(error: Exception) -> LivenetError:
    """Converts an error to one for the user; a fault in the program is logged and named as such."""
    if isinstance(error, LivenetError):
        return error
    if out_of_memory(error):
        return OutOfMemory(
            "The worker has no memory left for this run",
            hint="Use a smaller net or less data, or delete other runs.",
        )
    log.error("internal error in a worker", exc_info=error)
    return EngineFailure(
        f"Internal error in the worker: {type(error).__name__}",
        hint="The server's log has the details. Fork the run from an earlier step to continue.",
    )


def of_a_picture(error: Exception) -> LivenetError:
    """The reason why a picture cannot be made; an unexpected fault would recur at each try."""
    if isinstance(error, LivenetError) or out_of_memory(error):
        return foreseen(error)
    foreseen(error)  # for the log
    return ProbeFailed(
        f"Internal error while this picture was made: {type(error).__name__}",
        hint="The server's log has the details. Choose another picture, or other options.",
    )
