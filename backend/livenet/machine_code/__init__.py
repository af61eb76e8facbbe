"""Object code from LLVM's language: what training in machine code needs before any of it runs.

Nothing here imports torch or Numba, so that the work begins while other processes import them.

versions      digests of what the code depends on     cache         a folder of this user alone
sealed        files that are whole, or not read        translation   the one that a wheel brings
emission      optimises a translation, and emits       objects       finds the code, or has it made
begin         starts the work when it is imported
"""
