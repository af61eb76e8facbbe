"""What the page paints, read from its canvases: a known value lies at its pixel, in its colour.

The pictures are made by ``tests/frontend/page/drawn.js`` with the page's own modules. No server is
needed: the files of the checkout are served as they are.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route

from tests.e2e.lab import Lab, opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("heavy")]

ROOT = Path(__file__).parents[2]
ADDRESS = "http://drawing.test"
PAGE = "/frontend/drawing.html"
IMPORT_MAP = re.compile(r'<script type="importmap">.*?</script>', re.DOTALL)
HTML = """<!doctype html>
<html data-theme="light">
  <head><link rel="stylesheet" href="./styles/page.css">{import_map}</head>
  <body><script type="module" src="../tests/frontend/page/drawn.js"></script></body>
</html>"""

Color = tuple[int, ...]
Place = tuple[float, float]

AXES = ((0.0, 4.0), (0.0, 3.0))
THEMES = ("light", "dark")
NEAR = 6  # of 255, by which interpolating and rounding may change a channel
LINE_ROLES = ["ink", "second", "third", "accent", "positive", "negative", "train", "test"]


def serve(route: Route) -> None:
    """Answers with a file of the checkout, or with the page."""
    path = urlsplit(route.request.url).path
    if path == PAGE:
        index = (ROOT / "frontend/index.html").read_text()
        found = IMPORT_MAP.search(index)
        assert found
        route.fulfill(body=HTML.format(import_map=found.group()), content_type="text/html")
    elif (file := ROOT / path.lstrip("/")).is_file():
        script = file.suffix in {".js", ".mjs"}
        kind = "text/javascript" if script else mimetypes.guess_type(file)[0]
        route.fulfill(body=file.read_bytes(), content_type=kind or "")
    else:
        route.fulfill(status=204)


class Drawing:
    """The made pictures on a page of one resolution."""

    def __init__(self, lab: Lab, theme: str) -> None:
        self.page = lab.page
        self.theme = theme
        self.page.evaluate("(theme) => drawing.setTheme(theme)", theme)

    def at(self, plot: str, *values: Place) -> list[Color]:
        """The colours at places of a plot, in units of its axes: x to the right and y up."""
        return self.read(plot, *self.places(plot, values))

    def passes(self, plot: str, value: Place, role: str) -> bool:
        """Whether a thin line in a role's colour passes within a pixel of a place."""
        ((x, y),) = self.places(plot, [value])
        around = self.read(plot, *((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)))
        return any(alpha > 127 and near((*rgb, 255), self.ink(role)) for *rgb, alpha in around)

    def places(self, plot: str, values: Iterable[Place]) -> list[Place]:
        """Where values lie on the canvas, in CSS pixels."""
        box = self.page.evaluate("(id) => drawing.box(id)", plot)
        (x_low, x_high), (y_low, y_high) = AXES
        return [
            (
                box["left"] + (x - x_low) / (x_high - x_low) * box["width"],
                box["top"] + (y_high - y) / (y_high - y_low) * box["height"],
            )
            for x, y in values
        ]

    def read(self, plot: str, *places: Place) -> list[Color]:
        """The colours at places of a canvas, in CSS pixels."""
        found = self.page.evaluate("([id, places]) => drawing.read(id, places)", [plot, places])
        return [tuple(color) for color in found]

    def ink(self, role: str) -> Color:
        """A role's colour in this theme, opaque."""
        return (*_tokens(self.theme)[role], 255)

    def mix(self, start: str, end: str, part: float) -> Color:
        pairs = zip(self.ink(start), self.ink(end), strict=True)
        return tuple(round(a + (b - a) * part) for a, b in pairs)


@cache
def _tokens(theme: str) -> dict[str, Color]:
    css = (ROOT / "frontend/styles/tokens.css").read_text()
    rule = css.split(f':root[data-theme="{theme}"] {{')[1].split("}")[0]
    found = re.findall(r"--([\w-]+): #(\w\w)(\w\w)(\w\w);", rule)
    return {name: tuple(int(part, 16) for part in parts) for name, *parts in found}


def near(found: Color, wanted: Color) -> bool:
    return all(abs(a - b) <= NEAR for a, b in zip(found, wanted, strict=True))


def assert_near(found: list[Color], wanted: list[Color]) -> None:
    assert len(found) == len(wanted)
    assert all(map(near, found, wanted)), f"found {found}, wanted {wanted}"


@pytest.fixture(scope="module", params=(1, 2), ids=("plain", "fine"))
def lab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """One page load for each resolution of the screen."""
    with opened(browser, ADDRESS, device_scale_factor=request.param) as made:
        made.context.route("**/*", serve)
        made.page.goto(f"{ADDRESS}{PAGE}")
        made.until("globalThis.drawing?.ready() ?? false")
        yield made


@pytest.fixture(params=THEMES)
def drawing(lab: Lab, request: pytest.FixtureRequest) -> Drawing:
    return Drawing(lab, request.param)


def test_a_map_has_its_values_in_their_cells(drawing: Drawing) -> None:
    found = drawing.at("heatmap", (1, 0.75), (3, 0.75), (1, 2.25), (3, 2.25))
    parts = (0, 1, 0.5, 0.25)
    assert_near(found, [drawing.mix("zero", "accent", part) for part in parts])


def test_a_point_lies_at_its_place(drawing: Drawing) -> None:
    found = drawing.at("points", (1, 1), (3, 0.5), (3, 2.5), (1, 2.3), (3, 1.7))
    assert_near(found[:3], [drawing.ink(role) for role in ("class-0", "class-1", "surface")])
    assert_near(found[3:], [(0, 0, 0, 0)] * 2)


def test_a_hollow_point_has_its_colour_as_a_rim(drawing: Drawing) -> None:
    box = drawing.page.evaluate("() => drawing.box('points')")
    x, y = box["left"] + 0.75 * box["width"], box["top"] + box["height"] / 6
    around = drawing.read("points", *((x + step / 2, y) for step in range(16)))
    assert any(near(color, drawing.ink("class-4")) for color in around)


def test_an_ellipse_reaches_as_far_as_its_half_axes(drawing: Drawing) -> None:
    # 0.2 along x and 1 along y, around (1, 1).
    found = drawing.at("points", (1, 1.8), (1, 0.2), (1.15, 1.1), (1.5, 1.1), (0.5, 1.1))
    assert all(30 < alpha < 60 for *_, alpha in found[:3]), found
    assert_near(found[3:], [(0, 0, 0, 0)] * 2)


def test_polygons_have_their_own_colours_and_an_edge_between_them(drawing: Drawing) -> None:
    below, above, edge = drawing.at("polygons", (1, 0.5), (3, 2.5), (2, 1.5))
    assert_near([below, above], [drawing.ink("negative"), drawing.ink("positive")])
    assert not near(edge, below)
    assert not near(edge, above)


def test_an_image_has_its_first_pixel_at_the_top_left(drawing: Drawing) -> None:
    for image, inked in enumerate(((0, 0), (1, 1))):
        box = drawing.page.evaluate("(i) => drawing.imageBox(i)", image)
        for row in (0, 1):
            for column in (0, 1):
                x = box["left"] + (column + 0.5) * box["width"] / 2
                y = box["top"] + (row + 0.5) * box["height"] / 2
                role = "ink" if (row, column) == inked else "zero"
                assert_near(drawing.read("images", (x, y)), [drawing.ink(role)])


def test_a_matrix_has_its_first_row_on_top(drawing: Drawing) -> None:
    box = drawing.page.evaluate("() => drawing.box('matrix')")
    for row, values in enumerate(((1, 0, 0.5), (0, 0, 1))):
        for column, value in enumerate(values):
            x = box["left"] + (column + 0.5) * box["width"] / 3
            y = box["top"] + (row + 0.5) * box["height"] / 2
            assert_near(drawing.read("matrix", (x, y)), [drawing.mix("zero", "accent", value)])


def test_a_curve_passes_through_its_values(drawing: Drawing) -> None:
    on = drawing.at("curves", (0.5, 1.25), (2, 2.5), (3, 2.5))
    assert_near(on, [drawing.ink("accent")] * 3)
    assert_near(drawing.at("curves", (0.5, 1.75), (3.1, 1.85)), [(0, 0, 0, 0)] * 2)


def test_a_dashed_curve_is_broken_and_a_solid_one_is_not(drawing: Drawing) -> None:
    along = [1.5 + step / 100 for step in range(200)]
    wanted = drawing.ink("positive")
    on = [near(one, wanted) for one in drawing.at("curves", *((x, 0.5) for x in along))]
    assert 0.25 < sum(on) / len(on) < 0.75
    solid = drawing.at("curves", *((x, 2.5) for x in along))
    assert all(near(one, drawing.ink("accent")) for one in solid)


def test_the_legend_has_the_colours_of_the_lines(drawing: Drawing) -> None:
    places = [(2, 0.3 + 0.3 * i) for i in range(len(LINE_ROLES))]
    lines = dict(zip(LINE_ROLES, drawing.at("roles", *places), strict=True))
    legend = drawing.page.evaluate("() => drawing.legend()")
    keys = {role: tuple(map(int, re.findall(r"\d+", legend[role]))) for role in LINE_ROLES}
    assert {role: key for role, key in keys.items() if not near(lines[role], (*key, 255))} == {}


def test_the_legend_has_the_colours_of_the_classes(drawing: Drawing) -> None:
    legend = drawing.page.evaluate("() => drawing.legend()")
    keys = [tuple(map(int, re.findall(r"\d+", legend[str(k)]))) for k in range(10)]
    assert keys == [drawing.ink(f"class-{k}")[:3] for k in range(10)]


def test_a_chart_has_its_curves_and_the_step_that_is_looked_at(drawing: Drawing) -> None:
    for step in (1.5, 2.5, 3.5):
        assert drawing.passes("chart", (step, 2.25), "second"), f"train at {step}"
    for step in (0.5, 1.5, 2.5):
        assert drawing.passes("chart", (step, 0.75), "accent"), f"test at {step}"
    assert drawing.passes("chart", (1, 1.6), "accent")
    assert not drawing.passes("chart", (3, 1.6), "accent")
