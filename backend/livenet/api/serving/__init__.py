"""From the command line to the socket, and to the end.

serve      checks, starts, and runs         server     uvicorn's, with an end
listening  the socket                       drain      what is under way at the end
resources  file handles and a disk          protocols  connections with an end
addresses  what to open, printed            websocket  in which no buffer grows
token      a new one                        turns      requests, one after the other
"""
