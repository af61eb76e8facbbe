"""The websocket: pictures, series and commands of one run, for its viewers.

stream           one viewer's socket                 viewer  what it is still owed; no sockets
broadcast        the engine's updates, sent to all   run_messages  the texts that all get alike
client_messages  what a viewer's message says        frames  a frame as it is handed on
probe_requests   pictures at earlier steps           direct  a way past ASGI's queues
"""
