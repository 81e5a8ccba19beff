"""Memberships and counters: completed / members of any units, activity, audience and date.

Words: membership (a learner counted in one unit, for one audience, since a local date, until before another),
audience (officer, citizen), rate (numerator, denominator, as of), as of (when it happened), as known on (when
we learned of it).

services: `place`, `place_many`, `remove`, `remove_many`, `correct` keep memberships and move the counters.
queries: `rates` from the counters, or from the dated rows when `known_on` is given. members:
`completed_members`, `missing_members`, `all_members` name the people behind a rate. series: `over_time`.
merging: where learners are counted that are one, for `identities.merging`.

Counters stand at the membership's own unit, never at its ancestors; whoever asks knows the tree and names,
for each group that is to be shown, the units in it. A total counts every change, also those dated in the
future; "as of a day" is the total minus the changes after that day.
"""
