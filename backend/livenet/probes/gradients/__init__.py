"""What depth does to gradients, with and without identity connections."""
