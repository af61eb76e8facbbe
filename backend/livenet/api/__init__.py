"""The HTTP and websocket server.

app       routes, gate, files, errors     gate    who may come in
routes/   runs, and what the server is    policy  the Content-Security-Policy
stream    one viewer's websocket          viewer  what a viewer is still owed; no sockets
"""
