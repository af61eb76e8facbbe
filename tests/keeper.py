"""Becomes another program, which ends when whoever started it has ended.

``python -I -S keeper.py PIPE COMMAND…``, in a session of its own. A second process splits off and
reads from PIPE, whose other end only the starter holds: it closes however the starter ends, killed
or not. The command's process group is then told to end, and killed if it has not soon after. Its
temporary files lie in a folder of its own, which is removed once the group has ended.
"""

import os
import select
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress

BEAT = 1.0  # seconds between two looks whether the group has ended by itself
GRACE = 5.0  # seconds that the group has to end once it is told to


def keep(pipe: int, group: int) -> None:
    """Waits until the group has ended, or ends it once the pipe is closed."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a zombie
        while not select.select([pipe], [], [], BEAT)[0]:
            os.killpg(group, 0)
        os.killpg(group, signal.SIGTERM)
        end = time.monotonic() + GRACE
        while time.monotonic() < end:
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)


def split_off(pipe: int, group: int, folder: str) -> None:
    """Keeps the group in an orphan, which the group's leader does not have among its children."""
    if child := os.fork():
        os.waitpid(child, 0)
        return
    os.setsid()
    if not os.fork():
        os.chdir("/")
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):  # whoever reads what the command says waits for their end
            os.dup2(nothing, number)
        keep(pipe, group)
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main() -> None:
    pipe = int(sys.argv[1])
    folder = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="kept-")
    split_off(pipe, os.getpid(), folder)
    os.close(pipe)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background ignores it, and so would we
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
