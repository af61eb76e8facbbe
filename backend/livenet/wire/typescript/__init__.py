"""Generates the page's types from the Python types: ``python -m livenet.wire.typescript`` writes
them.

contract   the types that are generated, their files and their names
types      converts a Python type to TypeScript
source     docstrings of fields and aliases, as comments
"""
