"""Whether it goes well, and how one can tell.

health   whether the server can train       metrics   what is counted, for Prometheus
watching the event loop and the engine      measuring requests, by their route
"""
