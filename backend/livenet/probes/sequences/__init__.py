"""Predictions, states and gradients of sequence models."""
