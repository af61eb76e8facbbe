"""Attention matrices, their entropy and their cost."""
