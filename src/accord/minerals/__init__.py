"""Minerals: deposits as projects, what each step recovers, a new maker in the market."""
