"""What a worker process does: it trains its runs in turns, and makes their pictures."""
