"""State that outlives a worker: runs, their series and their snapshots. No torch.

run      the state of a run outside its worker
series   numbered rows
snapshots  packed snapshots within a memory budget
disk     runs in a folder, across restarts of the server
saver    writes to that folder outside the event loop
"""

from livenet.store.disk import Disk
from livenet.store.run import Run
from livenet.store.saver import Saver
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotStore

__all__ = ["Disk", "Run", "Saver", "Series", "SnapshotStore"]
