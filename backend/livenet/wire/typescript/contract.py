"""The Python types that are generated for the page, their files and their names.

A type that these depend on is declared before them, in the first file that uses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, get_args

from livenet import pictures
from livenet.spec import data, model, objective, optimizer
from livenet.spec.base import Frozen
from livenet.spec.choice import Choice
from livenet.spec.data import base as data_base
from livenet.spec.model import cnn
from livenet.spec.run import RunSpec
from livenet.wire import catalogue, documents, frame, messages, outbound
from livenet.wire.typescript import types
from livenet.wire.typescript.source import documented

HEAD = "// Made from the Python types by 'make types'. Change those, and make it again."


@dataclass(frozen=True)
class Alias:
    """A module's alias of a type, and its name on the page."""

    module: ModuleType
    own: str
    name: str

    @property
    def type(self) -> Any:
        return getattr(self.module, self.own)

    @property
    def doc(self) -> str:
        return documented(self.module).get(self.own, "")


@dataclass(frozen=True)
class File:
    """A file of types. It takes ``imports`` from the page's own types in ``values.d.ts``, and hands
    on ``exports``, so that what belongs to a subject is found in one place."""

    name: str
    about: str
    imports: tuple[str, ...]
    exports: tuple[str, ...]
    roots: tuple[type | Alias, ...]


FILES = (
    File(
        "pictures.d.ts",
        "A picture as the page has it: the wire's header with a Tensor in the place of each array.",
        ("Json", "Tensor"),
        ('{ Frame, MarkKind, Numbers, Tensor } from "./values.js"',),
        (
            Alias(pictures, "Colors", "Colors"),
            Alias(pictures, "Role", "Role"),
            *get_args(pictures.Mark),
            Alias(pictures, "Mark", "Mark"),
            pictures.Plot,
            Alias(pictures, "Facts", "Facts"),
            pictures.Picture,
            frame.Reference,
            frame.Metadata,
        ),
    ),
    File(
        "specs.d.ts",
        "A run spec with all its defaults filled in, and each member of its unions.",
        (),
        (),
        (
            Alias(documents, "ChoiceDocument", "Choice"),
            Alias(data_base, "Family", "DataFamily"),
            Alias(data_base, "Target", "Target"),
            Alias(data, "Data", "DataSpec"),
            Alias(cnn, "Block", "BlockSpec"),
            Alias(model, "Model", "ModelSpec"),
            Alias(objective, "Objective", "ObjectiveSpec"),
            Alias(optimizer, "Schedule", "ScheduleSpec"),
            Alias(optimizer, "Optimizer", "OptimizerSpec"),
            RunSpec,
        ),
    ),
    File(
        "api.d.ts",
        "The documents that the server answers with, and the text messages of the stream.",
        ("Json",),
        ('* from "./specs.js"', '{ Json, PartialSpec } from "./values.js"'),
        (
            Alias(documents, "Status", "Status"),
            Alias(documents, "Metrics", "Metrics"),
            Alias(messages, "Command", "Command"),
            Alias(messages, "Inbound", "Inbound"),
            documents.Me,
            documents.RunList,
            documents.Curves,
            documents.Deleted,
            documents.Commanded,
            documents.GroupList,
            documents.GroupTable,
            documents.GroupSummary,
            documents.RunDocument,
            documents.CommandResult,
            documents.SeriesDocument,
            documents.SnapshotList,
            documents.Retention,
            documents.Description,
            Alias(outbound, "Outbound", "Outbound"),
            Alias(catalogue, "KnobType", "KnobType"),
            catalogue.Catalogue,
        ),
    ),
)
CALLED: Mapping[Any, str] = {
    RunSpec: "Spec",
    messages.Set: "SetFields",  # a Set is something else there
    Choice: "Choice",  # which travels as a ChoiceDocument
    documents.RunDocument: "Run",
    documents.Description: "Described",
    documents.WithKnobs: "ChoiceWithKnobs",
    catalogue.KindRow: "Kind",
    catalogue.DataRow: "DataKind",
    catalogue.ModelRow: "ModelKind",
    catalogue.ObjectiveRow: "Objective",
    catalogue.PresetRow: "Preset",
}
"""Aliases of types."""


def files() -> dict[str, str]:
    """The text of each file, by its name."""
    found: dict[str, str] = {}
    declared: dict[str, str] = {}
    for file in FILES:
        writer = _Writer(declared)
        for root in file.roots:
            writer.name_of(types.stripped(root.type) if isinstance(root, Alias) else root)
        for name in writer.made:
            declared[name] = file.name
        found[file.name] = _text(file, writer)
    return found


def _text(file: File, writer: _Writer) -> str:
    blocks = [[HEAD, f"/** {file.about} */"]]
    used = {"values.d.ts": set(file.imports)}
    for name in writer.needed:
        used.setdefault(writer.elsewhere[name], set()).add(name)
    blocks.append([_import(source, names) for source, names in sorted(used.items()) if names])
    blocks.append([f"export type {what};" for what in file.exports])
    blocks += writer.made.values()
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _import(source: str, names: set[str]) -> str:
    module = source.replace(".d.ts", ".js")
    return f'import type {{ {", ".join(sorted(names))} }} from "./{module}";'


def _called(hint: Any) -> str | None:
    """The page's name of a type; None if it is written inline."""
    try:
        known = _ALIASES.get(hint) or CALLED.get(hint)
    except TypeError:  # a type that contains something unhashable
        return None
    if known is not None:
        return known if isinstance(known, str) else known.name
    if not types.is_record(hint):
        return None
    name = str(hint.__name__)
    if hint in get_args(pictures.Mark):
        return f"{name}Mark"
    return f"{name}Spec" if issubclass(hint, Frozen) else name


class _Writer:
    """The declarations of one file. ``elsewhere`` maps names to other files."""

    def __init__(self, elsewhere: Mapping[str, str]) -> None:
        self.elsewhere = elsewhere
        self.made: dict[str, list[str]] = {}
        self.needed: set[str] = set()
        self._begun: set[str] = set()

    def name_of(self, hint: Any) -> str | None:
        """The name of a type, which is declared before the type that uses it."""
        name = _called(hint)
        if name is None:
            return None
        if name in self.elsewhere:
            self.needed.add(name)
        elif name not in self._begun:
            self._begun.add(name)
            self.made[name] = self._declaration(hint, name)
        return name

    def _declaration(self, hint: Any, name: str) -> list[str]:
        if hint in _ALIASES:
            root = _ALIASES[hint]
            return types.alias(name, root.type, root.doc, self.name_of)
        if not types.is_record(hint):
            raise types.Untranslated(f"{name} is no alias of the contract, and {hint!r} no record")
        return types.interface(hint, self.name_of, sent=hint.__module__ == messages.__name__)


_ALIASES: Mapping[Any, Alias] = {
    types.stripped(root.type): root
    for file in FILES
    for root in file.roots
    if isinstance(root, Alias)
}
