"""Whether it goes well, and how one can tell.

health  whether the server can train            metrics     what is counted, for Prometheus
checks  the event loop and the engine, watched  middleware  requests, by their route
"""
