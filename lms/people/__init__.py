"""The roster: who is counted, where, since when; and the files in which it arrives.

Words: person (its id is the learner's id of the record), code (how the sender of a file knows the person),
roster (a file of people), row, fault (what is wrong in a row), move, slip (name and one-time code on paper),
suggestion (a person whom an unmatched actor may be), told apart (two people who look like one and are two).
Where a person is counted is kept by `tracking.rates`; this room gives it names. Also the pages about the tree
of units, which stand above `accounts` because they ask who may see them.

Also saying who the actors of the record are, and which records are one person.

Sends (through `core.record`) StatementsStored, when a new claim, a link or a merger gives a person what was
done before, or takes it away. Hears nothing.
"""
