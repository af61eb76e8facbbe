"""State that outlives a worker and the server: runs, their series and their snapshots. No torch.

run        the state of a run outside its worker
journal    its commands that changed numbers, in memory
ids        of runs and groups
series     numbered rows
snapshots  packed snapshots within a memory budget
store      runs in a database: records changes, reads runs
ledger     what is still to be written of a run
writes     the transaction that writes changes
reading    how a run is read
listing    which runs match a query, in pages
groups     runs that were made together
budgets    what is stored of each owner, and which runs may be deleted
keyed      requests that have made a run, by their Idempotency-Key
tables     the tables; ``migrations`` bring those of earlier versions up to date
database   opens the database
legacy     the files of versions before the database
"""

from livenet.store.journal import Journal
from livenet.store.run import Run
from livenet.store.series import Series
from livenet.store.snapshots import SnapshotStore
from livenet.store.store import Store

__all__ = ["Journal", "Run", "Series", "SnapshotStore", "Store"]
