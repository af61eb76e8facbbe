"""The command line: ``livenet serve``, ``health``, ``token``, ``run``, ``retention``, ``pin``,
``unpin``, ``catalogue``.

A command imports what it needs when it runs, so that help is printed at once.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from livenet.errors import LivenetError

app = typer.Typer(
    name="livenet",
    help="Watch neural networks learn.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(value: bool) -> None:
    if value:
        from livenet import __version__

        typer.echo(f"livenet {__version__}")
        raise typer.Exit


@app.callback()
def livenet(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Watch neural networks learn."""


def _need_server() -> None:
    """Raises Exit if only the client is installed, and prints how to install the server."""
    if find_spec("torch") is None or find_spec("fastapi") is None:
        typer.secho("Only the Python client is installed.", err=True, fg="red")
        typer.echo("Install the server with `pip install 'livenet[server]'`.", err=True)
        raise typer.Exit(1)


def _fail(error: LivenetError) -> typer.Exit:
    where = f"{error.path}: " if error.path and error.path not in error.message else ""
    typer.secho(f"{where}{error.message}", err=True, fg="red")
    if error.hint:
        typer.echo(error.hint, err=True)
    return typer.Exit(1)


@app.command()
def serve(
    host: Annotated[
        str,
        typer.Option(help="Address to listen on. 0.0.0.0 is all addresses, and requires a token."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on. 0 takes a free one.")
    ] = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Number of worker processes.")
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(help="Device to train on: auto, cpu, cuda, cuda:1 (a GPU by number) or mps."),
    ] = None,
    root_path: Annotated[
        str | None,
        typer.Option(help="Path prefix that a proxy does not strip, such as /user/ann/net."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Folder in which runs are kept across restarts. By default they are not kept."
        ),
    ] = None,
) -> None:
    """Serve the playground, by default to this machine only.

    Tokens are read from the environment, where `ps` does not show them: LIVENET_TOKEN for a class,
    LIVENET_ADMIN_TOKEN for its lecturer. All limits are set there, too.
    """
    _need_server()
    from livenet.api.serving.serve import serve as run
    from livenet.errors import LivenetError
    from livenet.settings import Settings

    try:
        settings = Settings.from_environment(
            workers=workers, device=device, root_path=root_path, data=data
        )
        run(host, port, settings)
    except LivenetError as error:
        raise _fail(error) from error


@app.command()
def health(
    host: Annotated[str, typer.Option(help="Address of the server.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the server.")] = 8000,
) -> None:
    """Print a server's health; fail unless it is ok or starting.

    Sends the token of the environment, LIVENET_TOKEN or LIVENET_ADMIN_TOKEN.
    """
    from livenet.errors import LivenetError
    from livenet.health_check import health as ask

    try:
        typer.echo(ask(host, port))
    except LivenetError as error:
        raise _fail(error) from error


@app.command()
def token() -> None:
    """Print a new token, for LIVENET_TOKEN or LIVENET_ADMIN_TOKEN."""
    from livenet.api.serving.token import new_token

    typer.echo(new_token())


@app.command("run")
def train(
    spec: Annotated[str, typer.Argument(help="Spec file, or - for standard input.")],
    steps: Annotated[int | None, typer.Option(min=1, help="Number of steps to train.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    weights: Annotated[
        Path | None, typer.Option(help="Write the parameters to this safetensors file.")
    ] = None,
) -> None:
    """Train a run in this process, without a server."""
    _need_server()
    from livenet.errors import LivenetError
    from livenet.run_command import run

    try:
        run(spec, steps=steps, as_json=json, weights=weights)
    except LivenetError as error:
        raise _fail(error) from error


RunId = Annotated[str, typer.Argument(help="Id of the run.", metavar="RUN")]
Url = Annotated[
    str, typer.Option(help="Address of the server; the link with its token is also accepted.")
]
LOCAL_URL = "http://127.0.0.1:8000"


@app.command()
def retention(
    run: RunId,
    url: Url = LOCAL_URL,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Print until when a server keeps a run.

    Sends the token of the environment, LIVENET_ADMIN_TOKEN or LIVENET_TOKEN, and LIVENET_IDENTITY.
    """
    import json

    from livenet.errors import LivenetError
    from livenet.retention_command import describe
    from livenet.retention_command import retention as ask

    try:
        found = ask(run, url)
    except LivenetError as error:
        raise _fail(error) from error
    typer.echo(json.dumps(found, indent=2) if as_json else describe(run, found))


@app.command()
def pin(run: RunId, url: Url = LOCAL_URL) -> None:
    """Pin a run: the server then keeps it although nobody uses it.

    Sends the token of the environment, LIVENET_ADMIN_TOKEN or LIVENET_TOKEN, and LIVENET_IDENTITY.
    """
    _pin(run, url, True)


@app.command()
def unpin(run: RunId, url: Url = LOCAL_URL) -> None:
    """Unpin a run: the server deletes it once nobody has used it for long.

    Sends the token of the environment, LIVENET_ADMIN_TOKEN or LIVENET_TOKEN, and LIVENET_IDENTITY.
    """
    _pin(run, url, False)


def _pin(run: str, url: str, pinned: bool) -> None:
    from livenet.errors import LivenetError
    from livenet.retention_command import describe
    from livenet.retention_command import pin as ask

    try:
        found = ask(run, url, pinned)
    except LivenetError as error:
        raise _fail(error) from error
    typer.echo(describe(run, found))


@app.command()
def catalogue(
    section: Annotated[
        str | None,
        typer.Argument(help="Print only this section: data, activations, optimizers, ..."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """List everything that a spec may name."""
    from livenet.catalogue_command import show
    from livenet.errors import LivenetError

    try:
        show(section, as_json=json)
    except LivenetError as error:
        raise _fail(error) from error
