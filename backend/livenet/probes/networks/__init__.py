"""What a network is made of: its units, weights and sizes."""
