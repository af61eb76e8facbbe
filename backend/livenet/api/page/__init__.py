"""The page's files, served from memory.

frontend  finds the files             files    the table from address to bytes
asset     one file, in all encodings  sources  a checkout's files, as they are
policy    the Content-Security-Policy
"""
