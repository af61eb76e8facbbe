"""Codes, reconstructions and bounds of autoencoders."""
