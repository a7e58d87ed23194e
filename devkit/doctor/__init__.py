"""What a machine needs for the stack: one check a file, each a pure function of a Host; the real one is machine.py."""
