"""Health and metrics of the server.

health  whether the server can train            metrics     counters, for Prometheus
checks  of the event loop and the engine        middleware  counts requests by route
"""
