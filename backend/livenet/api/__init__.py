"""The HTTP and websocket server.

app          routes, the middleware before them, errors as JSON
prefix       the path that a proxy leaves on
drain        what is under way when the server is told to stop
access/      who may come in, as whom, and how often
routes/      the REST calls, and what they take and answer
viewers/     the websocket: pictures, series and commands of one run
page/        the page's files, from memory
serving/     from the command line to the socket, and to the end
monitoring/  health, metrics, and what is looked at meanwhile
"""
