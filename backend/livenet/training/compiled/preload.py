"""Loads the machine code when it is imported: by the fork server, before workers are forked."""

from __future__ import annotations

from livenet.training.compiled import available

available.problem()
