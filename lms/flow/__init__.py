"""Statements that come from other record stores, and ours that go to them.

Words: remote store (another platform's record store, with its address and credentials), source (one that
we pull statements from), destination (one that we forward ours to), position (how far a source was read, or
a destination was sent), lag (how far a position is behind), dead letter (a statement that one side refused:
kept with the reason, to be tried again or thrown away), arrival (that a statement was pulled, and from
where).

One walk through a source is pages of statements, each one transaction that keeps the statements and moves
the position. A destination's outbox is the record itself: its position is a statement's number. Nobody
commits but the steps of a job, and whoever is overtaken by another stops, so that running twice is harmless.

Sends StatementsStored, through `core.record`; hears nothing. The sweep queues what is due.
"""
