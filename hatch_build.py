"""The page inside the wheel, and the third-party files that the page loads.

The browser takes uPlot, KaTeX, lit-html and signals from us, so that a classroom without internet
can use them. `python hatch_build.py` copies them from frontend/node_modules into frontend/vendor,
each beside its licence, and `node frontend/bundle.js` makes frontend/dist of them and our own
modules; `make setup` runs both. As a build hook this module puts frontend/dist into the wheel as
livenet/_frontend, and refuses to build a wheel that would lack it or have an old one.
"""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What a wheel cannot do without, as globs in frontend/dist.
BUNDLED = (
    "index.html",
    "docs/index.html",
    "assets/*.js",
    "assets/*.js.map",
    "assets/*.css",
    "assets/*.woff2",
    "licenses/*/LICENSE",
)
SOURCES = ("index.html", "app/**/*.*", "docs/*.*", "styles/*.*")


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


def bundled(frontend: Path) -> Iterator[Path]:
    """Every file of the bundle, relative to `frontend`/dist; none may be missing, or be old."""
    remedy = "a wheel needs the bundled frontend, so run `make setup` first"
    dist = frontend / "dist"
    expand(dist, BUNDLED, remedy)
    made = (dist / "index.html").stat().st_mtime
    for path in expand(frontend, SOURCES, remedy):
        if (frontend / path).stat().st_mtime > made:
            raise FrontendError(f"{frontend / path} is newer than {dist}: {remedy}")
    for path in sorted(dist.rglob("*")):
        if path.is_file():
            yield path.relative_to(dist)


class FrontendHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # a checkout is served from frontend/ as it stands
        frontend = Path(self.root, "frontend")
        try:
            build_data["force_include"] |= {
                str(frontend / "dist" / path): f"livenet/_frontend/{path.as_posix()}"
                for path in bundled(frontend)
            }
        except FrontendError as error:
            self.app.abort(f"livenet: {error}")


if __name__ == "__main__":
    try:
        vendor(Path(__file__).parent / "frontend")
    except FrontendError as error:
        sys.exit(f"livenet: {error}")
