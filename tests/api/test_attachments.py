"""The names of the files that answers are saved as."""

from __future__ import annotations

import re

import httpx2 as httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.routes.attachments import MAX_CHARACTERS, file_name
from tests.server import MakeRun, eventually


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Spiral, 12·12·8 ReLU", "spiral-12-12-8-relu"),
        ("my run", "my-run"),
        ('../"a";\r\nb', "a-b"),
        ("Löß, Δ é", "lo-e"),
        ("наш", "run"),
        ("", "run"),
        ("--", "run"),
    ],
)
def test_the_name_of_a_run_in_safe_characters(name: str, words: str) -> None:
    assert file_name(name, "-step-1200.safetensors") == f"{words}-step-1200.safetensors"


def test_a_long_name_is_cut_and_its_end_is_kept() -> None:
    found = file_name("x" * 120, "-step-1200.csv")
    assert (len(found), found[-14:]) == (MAX_CHARACTERS, "-step-1200.csv")
    assert (
        file_name("x" * (MAX_CHARACTERS - 7) + " y", "-1.csv")
        == "x" * (MAX_CHARACTERS - 7) + "-1.csv"
    )


@given(st.text(max_size=200))
def test_any_name_makes_a_safe_file_name(name: str) -> None:
    found = file_name(name, "-decision-step-5.safetensors")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-decision-step-5\.safetensors", found)
    assert len(found) <= MAX_CHARACTERS


def saved_as(http: httpx.Client, path: str, **headers: str) -> str:
    answer = http.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.headers["content-disposition"]


def test_files_of_a_run_have_its_name_and_their_own_step(
    http: httpx.Client, make_run: MakeRun
) -> None:
    run = make_run({"model": {"hidden": [5]}, "training": {"steps": 30}}, start=True)
    eventually(lambda: http.get(f"/api/runs/{run}").json()["status"] == "finished")
    at, name = f"/api/runs/{run}", http.get(f"/api/runs/{run}").json()["name"]
    start = file_name(name, "")

    def named(end: str) -> str:
        return f'attachment; filename="{start}-{end}"'

    assert saved_as(http, f"{at}/weights") == named("step-30.safetensors")
    assert saved_as(http, f"{at}/weights?step=7") == named("step-7.safetensors")
    assert saved_as(http, f"{at}/series?format=csv") == named("step-30.csv")
    frame = {"accept": "application/octet-stream"}
    for step, of in (("", 30), ("?step=7", 7)):
        found = saved_as(http, f"{at}/probes/decision{step}", **frame)
        assert found == named(f"decision-step-{of}.safetensors")
    for shown in ("/series", "/probes/decision", ""):
        assert "content-disposition" not in http.get(at + shown).headers
