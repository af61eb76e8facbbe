"""The REST calls.

runs   make, list, look at, command, fork, delete     about  what the server is and knows
metrics                                              bodies, documents  what goes in and out
methods which a path takes
"""
