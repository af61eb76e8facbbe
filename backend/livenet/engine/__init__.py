"""Engines: where runs train.

base        the Engine protocol, which the API speaks
device      the device that runs train on
messages    what a server and its workers send each other, over a pipe
heartbeat   what they share in memory: that a worker lives, and what it works for

server/     in the server's process, on its event loop; no torch
    local             the embedded engine: the parts below, put together
    registry          all runs, and who listens to each
    run_factory       new runs and forks
    commands          commands to runs, carried out once, whatever comes twice
    scheduler         which worker has each run
    requests          questions to workers that wait for an answer: pictures and weights
    worker_events     what workers report, and what follows from it
    channels          pictures that are watched: one channel a probe and its options
    last_pictures     the last picture of a run that no worker has any more
    crashes           pictures that end their workers
    fleet, process    the worker processes: started, watched, replaced
    housekeeping      loads are balanced, runs that nobody needs come to rest; periodic repeats it

worker/     in each worker's process
    worker             the loop: one torch thread that gives all its runs their turns, in bounded
                       memory
    worker_run         a run inside it: its trainer and its session
    session            its status as a state machine; pace limits its steps
    picture_scheduler  which watched picture is due
    probe_requests     pictures that were asked for once; lookback has trainers at earlier steps
    effort             the processor time by which pictures rest
    faults             what went wrong, for the person whose run it was

A command: api -> commands -> scheduler -> process -> worker -> worker_run -> session; its answer is
a Reply, which worker_events hands to requests. A row: worker_run -> RunUpdate -> worker_events ->
registry -> listeners. A picture: picture_scheduler -> Framed -> worker_events -> channels. A crash:
fleet finds a process gone -> worker_events -> scheduler opens its runs elsewhere, each from its
last snapshot and its journal.
"""
