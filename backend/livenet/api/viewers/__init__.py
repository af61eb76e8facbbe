"""The websocket: pictures, series and commands of one run, for its viewers.

stream     one viewer's socket                  viewer  what it is still owed; no sockets, no clock
broadcast  the engine's news, told to all       words   the texts that all get alike
inbound    what a viewer's message says         frames  a frame as it is handed on
looks      steps of the past that are asked for direct  a way past ASGI's queues
"""
