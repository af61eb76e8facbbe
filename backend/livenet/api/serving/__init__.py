"""Start, sockets and shutdown of the server.

serve      checks, starts, and runs         server     uvicorn's, with a bounded shutdown
listening  the listening socket             protocols  connections with time limits
resources  file handles and a disk          websocket  bounded buffers
addresses  the addresses to print           token      a new token
"""
