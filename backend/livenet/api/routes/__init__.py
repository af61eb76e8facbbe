"""The REST calls.

runs     make, list, read, command, fork, delete      about  health, catalogue, specs
metrics  for Prometheus                               bodies, documents  requests and answers
methods  the methods that a path allows               queries    the parameters that a call has
"""
