"""The worker process: trains its runs in turns, and makes their pictures."""
