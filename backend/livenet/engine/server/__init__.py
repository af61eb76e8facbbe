"""What an engine does in the server's process: runs, their workers, and all who watch. No torch."""
