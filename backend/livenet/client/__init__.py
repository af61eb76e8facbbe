"""The Python client: runs of a Livenet server, from scripts and notebooks. No torch.

client    Client: a server                http      calls, and the server's errors
run       Run: one run of it              stream    live frames
group     Group: runs made together
series    a run's curves, as NumPy        documents the types of the answers
address   the server's address, token and identity
"""

from livenet.client.client import Client
from livenet.client.documents import Frame, Picture, Retention, RunDocument, Status
from livenet.client.group import Group
from livenet.client.run import Run
from livenet.client.series import Series

__all__ = [
    "Client",
    "Frame",
    "Group",
    "Picture",
    "Retention",
    "Run",
    "RunDocument",
    "Series",
    "Status",
]
