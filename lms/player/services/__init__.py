"""Launching lessons, taking in their commits, and what follows from these."""
