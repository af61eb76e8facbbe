"""A network's predictions and errors."""
