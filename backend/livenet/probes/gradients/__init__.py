"""Gradients by depth, with and without identity connections."""
