"""The HTTP and websocket server.

app          routes, the middleware before them, errors as JSON
prefix       the path prefix that a proxy does not remove
drain        requests and sockets in progress when the server stops
access/      authentication, identities and rate limits
routes/      the REST calls, their bodies and answers
viewers/     the websocket: pictures, series and commands of one run
page/        the page's files, served from memory
serving/     start, sockets and shutdown
monitoring/  health, metrics and periodic checks
"""
