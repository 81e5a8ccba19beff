"""Who must: courses that a unit must finish by a date.

Words: assignment (a course that all of an audience in a unit, and in all units below it, must complete by the
end of a due date), mandatory course (what assignments amount to for one person), withdraw (an assignment that
holds no longer; it is kept). Where several assignments of one course reach a person, the earliest date holds.

Sends and hears nothing. Whether somebody has completed is asked of `tracking`.
"""
