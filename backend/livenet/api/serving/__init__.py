"""From the command line to the socket, and to the end.

serve      checks, starts, and runs         server     uvicorn's, with an end
listening  the socket                       protocols  connections with an end
resources  file handles and a disk          websocket  in which no buffer grows
addresses  what to open, printed            token      a new one
"""
