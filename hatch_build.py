"""The page inside the wheel, and the third-party files that the page loads.

The browser takes uPlot, KaTeX, lit-html and signals as plain files from frontend/vendor, so that a
classroom without internet can use them. `python hatch_build.py` copies them there from
frontend/node_modules, each beside its licence; `make setup` runs it. As a build hook this module
puts frontend/ into the wheel as livenet/_frontend, and refuses to build a wheel that would lack it.
"""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What only developers need: the rest of frontend/ is what a browser may ask for.
NOT_SERVED = ("node_modules", "package.json", "package-lock.json", "tsconfig.json")


class FrontendError(Exception):
    """Files of the frontend are missing; the message says which, and how to get them."""


@dataclass(frozen=True)
class Vendored:
    """The files of one npm package that a browser needs, as globs below `source`."""

    folder: str  # in frontend/vendor
    package: str  # in frontend/node_modules
    source: str  # in the package
    files: tuple[str, ...]


VENDORED = (
    Vendored("uplot", "uplot", "dist", ("uPlot.esm.js", "uPlot.min.css")),
    # Every browser that can run the page reads woff2; the other font formats would be dead weight.
    Vendored("katex", "katex", "dist", ("katex.mjs", "katex.min.css", "fonts/*.woff2")),
    Vendored(
        "lit-html",
        "lit-html",
        ".",
        (
            "lit-html.js",
            "static.js",
            "is-server.js",
            "directive.js",
            "directive-helpers.js",
            "async-directive.js",
            "directives/*.js",
        ),
    ),
    Vendored("signals-core", "@preact/signals-core", "dist", ("signals-core.mjs",)),
    Vendored("swagger-ui", "swagger-ui-dist", ".", ("swagger-ui-bundle.js", "swagger-ui.css")),
)


def expand(folder: Path, globs: tuple[str, ...], remedy: str) -> list[Path]:
    """The paths that the globs match, relative to `folder`. Each must match at least one."""
    paths: list[Path] = []
    for pattern in globs:
        found = sorted(folder.glob(pattern))
        if not found:
            raise FrontendError(f"{folder / pattern} is missing: {remedy}")
        paths += (path.relative_to(folder) for path in found)
    return paths


def vendor(frontend: Path) -> None:
    """Makes frontend/vendor anew from frontend/node_modules."""
    remedy = "run `make setup`, or `npm ci` in frontend/, first"
    shutil.rmtree(frontend / "vendor", ignore_errors=True)
    for item in VENDORED:
        package = frontend / "node_modules" / item.package
        target = frontend / "vendor" / item.folder
        for root, globs in ((package / item.source, item.files), (package, ("LICENSE",))):
            for path in expand(root, globs, remedy):
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / path, target / path)


def served(frontend: Path) -> Iterator[Path]:
    """Every file that the page may ask for, relative to `frontend`; none may be missing."""
    remedy = "a wheel needs the built frontend, so run `make setup` first"
    expand(frontend, ("index.html",), remedy)
    for item in VENDORED:
        expand(frontend / "vendor" / item.folder, (*item.files, "LICENSE"), remedy)
    for path in sorted(frontend.rglob("*")):
        relative = path.relative_to(frontend)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_file() and not hidden and relative.parts[0] not in NOT_SERVED:
            yield relative


class FrontendHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # a checkout is served from frontend/ as it stands
        frontend = Path(self.root, "frontend")
        try:
            build_data["force_include"] |= {
                str(frontend / path): f"livenet/_frontend/{path.as_posix()}"
                for path in served(frontend)
            }
        except FrontendError as error:
            self.app.abort(f"livenet: {error}")


if __name__ == "__main__":
    try:
        vendor(Path(__file__).parent / "frontend")
    except FrontendError as error:
        sys.exit(f"livenet: {error}")
