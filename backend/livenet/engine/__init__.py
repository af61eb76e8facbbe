"""Engines: where runs train.

base      the Engine protocol             session   a run as a pure state machine
local     the embedded engine             process   a worker process as the engine sees it
worker    what runs in that process       hosted    a run inside a worker
lookback  looks at steps of the past      channel   a probe and all who watch it
asking    questions that wait for answers
messages  what engine and workers say to each other
"""
