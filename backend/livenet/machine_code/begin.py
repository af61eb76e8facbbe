"""Starts to make missing machine code when it is imported: by the fork server, before torch."""

from __future__ import annotations

from contextlib import suppress

from livenet.machine_code import objects

with suppress(Exception):  # whoever needs the code tries again, and says what fails
    objects.begin()
