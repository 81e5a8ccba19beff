"""Helping learners and authors: what an attempt went through, what cannot be, how questions do.

Words: arrival (a commit that came, with the calls before it), doubt (something impossible that an attempt
tells; shown, and the attempt counts all the same), item (a question within a lesson, by the package's
name for it), answer (what a learner said to an item, once). Their rows are written where commits are taken in
(`lms.player.traces`); this room only looks at them.
"""
