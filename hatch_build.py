"""What a wheel holds besides our own Python: the page, its libraries, and files of data.

The browser takes uPlot, KaTeX, lit-html and signals from us, so that a classroom without internet
can use them. `python hatch_build.py vendor` copies them from frontend/node_modules into
frontend/vendor, each beside its licence, and `node frontend/bundle.js` makes frontend/dist of them
and our own modules. `python hatch_build.py data` takes the files of small data sets out of
scikit-learn's wheel into backend/livenet/data/files, with its licence and its descriptions of
where they come from. `make setup` runs all three.

`python hatch_build.py translation` translates the training of small networks to LLVM's language,
for this kind of system, into backend/livenet/machine_code/files: a server then makes machine code
of it without Numba. It needs an environment that can serve, so it runs only if it is named, as
`make setup` and `make wheel` do.

As a build hook this module puts frontend/dist into the wheel as livenet/_frontend, and refuses to
build a wheel that would lack it, have an old one, or lack a file of data. A translation that is
not older than its sources goes into the wheel too; a server can do without.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
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


FILES = "backend/livenet/data/files"
# The files of the data sets are the same in all of scikit-learn's wheels. One of them is
# downloaded, whatever machine this is, so that one hash holds it.
SCIKIT_LEARN = "scikit-learn==1.9.1"
SHA256 = "52a0703bbc07ad27f560fa63fa68e4c54dd735bfbbf65b4dd3c225dc7547b6df"
BUILT_FOR = ("--platform=manylinux_2_28_x86_64", "--python-version=3.11", "--implementation=cp")
DATA = (
    *(f"sklearn/datasets/data/{name}" for name in (
        "breast_cancer.csv",
        "diabetes_data_raw.csv.gz",
        "diabetes_target.csv.gz",
        "digits.csv.gz",
        "iris.csv",
        "wine_data.csv",
    )),
    *(f"sklearn/datasets/descr/{name}.rst" for name in (
        "breast_cancer", "diabetes", "digits", "iris", "wine_data",
    )),
    "scikit_learn-1.9.1.dist-info/licenses/COPYING",
)  # fmt: skip


TRANSLATIONS = "backend/livenet/machine_code/files"
TRANSLATED = (  # backend/livenet/machine_code/versions.py has the same
    "spec/activations.py",
    "training/likelihoods.py",
    "training/optimizers.py",
    "machine_code/*.py",
    "training/compiled/*.py",
)


class MissingError(Exception):
    """Something that a wheel needs is missing; the message says what, and how to get it."""


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
            raise MissingError(f"{folder / pattern} is missing: {remedy}")
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
            raise MissingError(f"{frontend / path} is newer than {dist}: {remedy}")
    for path in sorted(dist.rglob("*")):
        if path.is_file():
            yield path.relative_to(dist)


def download(folder: Path) -> Path:
    """scikit-learn's wheel, which pip compares with its hash. It is not installed."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{SCIKIT_LEARN} --hash=sha256:{SHA256}\n")
    options = ("--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", *BUILT_FOR)
    command = [sys.executable, "-m", "pip", "download", *options]
    done = subprocess.run([*command, f"--requirement={wanted}", f"--dest={folder}"])
    if done.returncode:
        raise MissingError(f"pip could not download {SCIKIT_LEARN}, which has the data sets")
    (wheel,) = folder.glob("*.whl")
    return wheel


def extract(wheel: Path, files: Path) -> None:
    """Makes the folder of data anew. It is left as it was where the wheel lacks a file."""
    with zipfile.ZipFile(wheel) as archive:
        try:
            contents = {Path(name).name: archive.read(name) for name in DATA}
        except KeyError as error:
            raise MissingError(f"{wheel.name}: {error.args[0]}") from error
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir()
    for name, content in contents.items():
        (files / name).write_bytes(content)


def fetch_data(files: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        extract(download(Path(folder)), files)


def check_data(files: Path) -> None:
    names = tuple(Path(name).name for name in DATA)
    expand(files, names, "run `make setup`, or `python hatch_build.py data`, first")


def translate(root: Path) -> None:
    """Makes the translation, if there is none of the present sources and versions."""
    command = [sys.executable, "-m", "livenet.training.compiled", "translation"]
    paths = (str(root / "backend"), os.environ.get("PYTHONPATH", ""))
    path = os.pathsep.join(filter(None, paths))
    if subprocess.run(command, env=os.environ | {"PYTHONPATH": path}).returncode:
        raise MissingError("no translation was made, which needs `pip install livenet[server]`")


def translations(root: Path) -> list[Path]:
    """Files with a translation, none of which is older than a source of it."""
    package = root / "backend" / "livenet"
    sources = [path for pattern in TRANSLATED for path in package.glob(pattern)]
    newest = max(path.stat().st_mtime for path in sources)
    found = sorted((root / TRANSLATIONS).glob("*.bc"))
    return [path for path in found if path.stat().st_mtime >= newest]


class LivenetHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # a checkout is served from frontend/ as it stands
        frontend = Path(self.root, "frontend")
        try:
            check_data(Path(self.root, FILES))
            build_data["force_include"] |= {
                str(frontend / "dist" / path): f"livenet/_frontend/{path.as_posix()}"
                for path in bundled(frontend)
            }
        except MissingError as error:
            self.app.abort(f"livenet: {error}")
        found = translations(Path(self.root))
        if not found:
            self.app.display_warning(
                "livenet: no translation goes into the wheel, so the first start of a server takes "
                "some seconds longer: `make wheel` makes one"
            )
        build_data["force_include"] |= {
            str(path): f"livenet/machine_code/files/{path.name}" for path in found
        }


def main(words: list[str]) -> None:
    root = Path(__file__).parent
    steps = {
        "data": lambda: fetch_data(root / FILES),
        "vendor": lambda: vendor(root / "frontend"),
        "translation": lambda: translate(root),
    }
    usual = ("data", "vendor")
    if unknown := set(words) - set(steps):
        sys.exit(f"livenet: there is no {' '.join(sorted(unknown))}, only {' '.join(steps)}")
    try:
        for word in words or usual:
            steps[word]()
    except MissingError as error:
        sys.exit(f"livenet: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
