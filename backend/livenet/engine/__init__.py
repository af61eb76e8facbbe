"""Engines: where runs train.

base        the Engine protocol, which the API speaks
device      the device that runs train on
messages    messages between a server and its workers, over a pipe
heartbeat   shared memory that shows whether a worker is alive, and what it works for

server/     in the server's process, on its event loop; no torch
    local             the embedded engine: combines the parts below
    registry          all runs, and the listeners of each
    run_factory       new runs and forks
    commands          commands to runs; a repeated command is carried out once
    scheduler         which worker has each run
    requests          requests to workers that await a reply: commands, pictures and weights
    worker_events     handles the reports of workers
    channels          watched pictures: one channel per probe and its options
    last_pictures     the last picture of a failed run, which has no worker
    crashes           pictures that crash their workers
    fleet, process    the worker processes: started, watched, replaced
    housekeeping      balances loads, pauses and deletes unused runs; periodic repeats it

worker/     in each worker's process
    worker             the loop: one torch thread that interleaves all runs, in bounded memory
    worker_run         a run inside a worker: its trainer and its session
    session            a run's status as a state machine; pace limits its steps
    turns, fair_shares when each run has its turn, in equal shares of the time
    picture_scheduler  which watched picture is due
    sharpness          the resolution of maps, which falls before their rate does
    probe_requests     pictures requested once
    past_trainers      trainers at earlier steps, and the replay to them
    outbox             messages to the server, many at a time
    clock              the processor time that spaces pictures out
    faults             converts exceptions to errors for the user

A command: api -> commands -> scheduler -> process -> worker -> worker_run -> session; its answer is
a RunUpdate or a Reply, which worker_events passes to requests. A row: worker_run -> RunUpdate ->
worker_events -> registry -> listeners. A picture: picture_scheduler -> ChannelFrame ->
worker_events -> channels. A crash: fleet finds that a process has ended -> worker_events ->
scheduler opens its runs on other workers, each from its last snapshot and its journal.
"""
