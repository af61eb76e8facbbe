"""Measures against the targets; ``make bench`` prints a table and writes bench/bench.json.

Ratios within one run gate. Absolute times are reported beside their targets: machines are shared,
and differ.
"""
