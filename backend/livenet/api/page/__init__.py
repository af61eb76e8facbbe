"""The page's files, from memory.

frontend  where they are              files    the table from address to bytes
asset     one, in every encoding      sources  a checkout's, as they are
policy    the Content-Security-Policy
"""
