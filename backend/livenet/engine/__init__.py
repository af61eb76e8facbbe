"""Engines: where runs train.

base      the Engine protocol               session   a run as a pure state machine
local     the embedded engine, made of
  roster    all runs, and who listens         making    new runs and forks
  orders    commands, carried out             answers   commands that may come twice
  watched   the pictures that are watched     channel   a probe and all who watch it
  stills    the last picture of a failed run  crashes   pictures that end their workers
  fleet     the worker processes              process   one of them, as the engine sees it
  placing   which worker has each run         asking    questions that wait for answers
  hearing   what workers say                  upkeep    balance, and runs that nobody needs
  periodic  work that is done over and over
worker    what runs in a worker process, made of
  hosted    a run inside it                   tempo     its steps against the clock
  turns     equal shares of time              painting  pictures that are watched
  looks     pictures that are asked for once  lookback  trainers of steps of the past
  effort    the clock by which pictures rest  memory    the bound on its memory
  faults    what went wrong, for the person
messages  what engine and workers say       pulse     what they share without saying
"""
