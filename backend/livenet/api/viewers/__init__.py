"""The websocket: pictures, series and commands of one run, for its viewers.

stream           one viewer's socket                 viewer  its unsent messages; no sockets
broadcast        the engine's updates, sent to all   run_messages  texts equal for all viewers
client_messages  parses a viewer's messages          frames  a frame and its number
probe_requests   pictures at earlier steps           direct  sending without ASGI's queues
"""
