"""What is locked agrees with what is asked for, and with torch's many builds."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
ASKED = [*PROJECT["dependencies"], *(one for extra in EXTRAS.values() for one in extra)]


def locked() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pins}


@pytest.mark.parametrize("asked", ASKED)
def test_every_dependency_is_locked_within_its_range(asked: str) -> None:
    requirement = Requirement(asked)
    assert requirement.specifier.contains(locked()[canonicalize_name(requirement.name)])


def test_torch_is_exact_and_its_companions_are_free() -> None:
    assert locked()["torch"] == "2.13.0"
    assert not [name for name in locked() if re.match(r"nvidia|cuda|triton", name)]


def test_uvicorn_is_of_one_minor_version() -> None:
    """api/serving extends classes of it that are no public interface."""
    (uvicorn,) = (Requirement(one) for one in ASKED if one.startswith("uvicorn"))
    minor = ".".join(locked()["uvicorn"].split(".")[:2])
    assert uvicorn.specifier.contains(f"{minor}.99")
    assert not uvicorn.specifier.contains(f"0.{int(minor[2:]) + 1}")


def test_npm_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert not [name for name, entry in packages.items() if "integrity" not in entry]
