"""The operations of layered networks in equations: forward, and backward."""
