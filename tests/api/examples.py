"""The curl examples of docs/api.md as requests."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from tests.api.closed import TOKEN

# What the examples find in the environment.
ENVIRONMENT = {"LIVENET_TOKEN": TOKEN, "LIVENET_IDENTITY": "a-secret-of-my-own"}
DOCS = Path(__file__).parents[2] / "docs"
HERE = "http://127.0.0.1:8000"


@dataclass
class Example:
    """One curl call."""

    text: str
    names: str = ""
    """The variable that gets the id of what it makes: RUN or GROUP."""
    method: str = ""
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    query: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.url.removeprefix(HERE)


def curl_examples(page: str = "api.md") -> list[Example]:
    """Every shell block of the page; each is one curl call."""
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    return [_read(block) for block in blocks]


def _read(block: str) -> Example:
    text = block.replace("\\\n", " ").strip()
    found = Example(text)
    if named := re.fullmatch(r"(RUN|GROUP)=\$\((curl .*?)\| python3 .*\)", text, re.DOTALL):
        found.names, text = named[1], named[2]
    words = iter(shlex.split(text))
    assert next(words) == "curl"
    data: list[str] = []
    as_query = False
    for word in words:
        match word:
            case "-s" | "-OJ":
                pass
            case "-o":
                next(words)
            case "-G":
                as_query = True
            case "-X":
                found.method = next(words)
            case "-H":
                name, value = next(words).split(": ")
                found.headers[name] = Template(value).substitute(ENVIRONMENT)
            case "-d" | "--data-urlencode":
                data.append(next(words))
            case _:
                assert word.startswith(HERE), word
                found.url = word
    if as_query:
        found.query = dict(one.split("=", 1) for one in data)
    elif data:
        (found.body,) = data
    found.method = found.method or ("POST" if found.body else "GET")
    return found
