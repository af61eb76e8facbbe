"""What outlives a worker: runs, their series and their snapshots. No torch.

run      a run as it is known outside its worker
series   numbered rows
snapshots  within a budget
disk     runs in a folder, across restarts of the server
saver    writes to that folder beside the event loop
"""

from livenet.store.disk import Disk
from livenet.store.run import Run
from livenet.store.saver import Saver
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotStore

__all__ = ["Disk", "Run", "Saver", "Series", "SnapshotStore"]
