"""``python -m livenet`` is the ``livenet`` command."""

from livenet.cli import app

app()
