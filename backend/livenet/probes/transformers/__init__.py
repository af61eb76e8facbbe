"""Where attention looks, and what it costs."""
