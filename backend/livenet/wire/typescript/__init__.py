"""The page's types, made from the Python types: ``python -m livenet.wire.typescript`` writes them.

contract   which types the page knows, in which file, and what it calls them
types      a Python type as TypeScript
source     docstrings of fields and aliases, and comments made of them
"""
