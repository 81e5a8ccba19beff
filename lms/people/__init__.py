"""The roster: who is counted, where, since when; and the files in which it arrives.

Words: person (its id is the learner's id of the record), code (how the sender of a file knows the person),
roster (a file of people), row, fault (what is wrong in a row), move, slip (name and one-time code on paper).
Where a person is counted is kept by `tracking.rates`; this room gives it names. Also the pages about the tree
of units, which stand above `accounts` because they ask who may see them.

Sends (through `core.record`) StatementsStored, when a new claim gives a person what was done before. Hears
nothing.
"""
