"""The live page: the same answer, alive, on this machine."""
