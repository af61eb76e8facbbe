"""Reads docstrings of fields and aliases from the source, and formats them as comments."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from itertools import pairwise
from types import ModuleType
from typing import Any

WIDTH = 100


def documented(owner: type[Any] | ModuleType) -> dict[str, str]:
    """The docstrings of a class's fields or a module's aliases, by name."""
    body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body
    if isinstance(owner, type):
        (inner,) = body
        assert isinstance(inner, ast.ClassDef)
        body = inner.body
    return dict(_documented(body))


def _documented(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, after in pairwise(body):
        if not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id, inspect.cleandoc(str(after.value.value))


def comment(text: str, indent: str = "") -> list[str]:
    """A doc comment, on one line if it fits; empty for an empty text."""
    plain = text.strip().replace("``", "`").replace("*/", "* /")
    if not plain:
        return []
    if "\n" not in plain and len(line := f"{indent}/** {plain} */") <= WIDTH:
        return [line]
    lines: list[str] = []
    for paragraph in plain.split("\n\n"):
        if lines:
            lines.append(f"{indent} *")
        words = " ".join(paragraph.split())
        lines += textwrap.wrap(
            words,
            WIDTH,
            initial_indent=f"{indent} * ",
            subsequent_indent=f"{indent} * ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return [f"{indent}/**", *lines, f"{indent} */"]
