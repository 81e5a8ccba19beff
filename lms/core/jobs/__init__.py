"""Long work: a row for every task, its progress, and a sweep that restarts what a crash left behind.

Words: job (one task, with its state and progress), handler (the function that does it, registered by kind).
A handler works in steps; each step is one transaction that also records the progress, so that a restarted
job sees what was done. Handlers must therefore be safe to run again from the start.
"""
