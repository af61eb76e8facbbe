"""The part of an engine in the server's process: runs, workers and watchers. No torch."""
