"""The probes' rows and options, a family a file. No torch."""
