"""Courses on offer: importing packages, their versions, publishing.

Words: course (what is offered, with an address of its own that never changes), version (one imported
package of a course), lesson (what can be launched in a version), library (our own lessons).

A lesson that bears the same identifier in a new version keeps its address, so that what was learned still
counts. The public pages show the learner's own progress and therefore stand in `player`, which is above.
Sends StatementsStored, when a course begins or ceases to demand passing.
"""
