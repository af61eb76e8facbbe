"""What a network predicts, and what it gets wrong."""
