"""Takes from Python what only some systems have: on PYTHONPATH, it is imported at every start.

What the standard library, psutil and torch need of it on this system is loaded before, or stays;
there the type checker has a look: see `make check`.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.context
import multiprocessing.popen_spawn_posix
import multiprocessing.resource_tracker as tracker
import os
import shutil
import signal
import subprocess
import sys

import psutil

LOADED = (asyncio, multiprocessing.popen_spawn_posix, psutil, shutil, subprocess)

MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "uvloop")
OF_OS = (
    "fchmod", "fchown", "fork", "forkpty", "getgid", "getloadavg", "getpgid", "getuid", "killpg",
    "memfd_create", "mkfifo", "nice", "pipe2", "posix_fadvise", "posix_fallocate", "pread",
    "pwrite", "sched_getaffinity", "sched_setaffinity", "sched_yield",
    "sendfile", "setpgid", "setpriority", "setsid", "sysconf", "wait",
)  # fmt: skip
OF_SIGNAL = (
    "SIGALRM", "SIGHUP", "SIGUSR1", "SIGUSR2", "pthread_kill", "pthread_sigmask",
    "setitimer", "sigwait",
)  # fmt: skip

for name in MODULES:
    sys.modules[name] = None  # type: ignore[assignment]  # an import of it then fails
for name in OF_OS:
    delattr(os, name)
for name in OF_SIGNAL:
    delattr(signal, name)
tracker._HAVE_SIGMASK = False  # type: ignore[attr-defined]  # as it would have found out
for name in ("fork", "forkserver"):
    del multiprocessing.context._concrete_contexts[name]  # type: ignore[attr-defined]  # no door
multiprocessing.get_all_start_methods = lambda: ["spawn"]
multiprocessing.set_start_method("spawn")
