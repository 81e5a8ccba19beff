"""A city to look at: Hải Phòng with its real units, invented people, and some of what they learned.

Units are facts; every person is invented, and the same on every machine. Everything goes in through the doors
that real data take: the imports, the assignment, the record. Loading twice changes nothing. Sends and hears
nothing.
"""
