"""Makes the machine code now, so that no server start waits for it."""

from __future__ import annotations

import logging
import sys

from livenet.training.compiled import available

if __name__ == "__main__":
    if (found := available.problem()) is not None:
        logging.getLogger("livenet").warning(found)
        sys.exit(1)
