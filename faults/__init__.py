"""`make faults`: break the real program in every way we can think of, then look what is left.

Each family is a file. It drives the services of a real vault in child processes, breaks something
(a kill, a power cut, a full disk, a flipped bit), opens the records again as the program does and
judges: what was acknowledged is there, or the person is told what is wrong and what to do.
docs/faults.md tells what is shown by this and what is not.
"""
