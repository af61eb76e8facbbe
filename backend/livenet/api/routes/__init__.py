"""The REST calls.

runs     make, read, command, fork, delete             about  health, catalogue, specs
many     several runs: list, delete, command
series   rows of a run: which (excerpt), and how they are written (row_formats)
metrics  for Prometheus                               bodies, documents  requests and answers
methods  HEAD, OPTIONS, and Allow                     queries    the parameters that a call has
downloads  long answers, piece by piece           creations  one run, however often it is requested
"""
