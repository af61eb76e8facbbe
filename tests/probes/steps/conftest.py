"""The arithmetics of training."""

from tests.arithmetics import arithmetic, uncompiled

__all__ = ["arithmetic", "uncompiled"]
