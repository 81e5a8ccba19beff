"""Playing lessons: launch, run-time, attempts, and the statements that follow.

Words: attempt (one learner's way through one lesson; its id is the xAPI registration), play session (one
opening of the player in an attempt), snapshot (the run-time data of a session as last committed), state (what
the next session begins with), token (the only key to the player and its content), guest (a learner who has
not signed in; a random id in the cookie), run (a learner's way through a course with sequencing), review (a
look at a completed lesson, in which nothing is recorded).

On the application: the lists of lessons, launching, results (`routes.learning`, `routes.courses`). On the
content origin: the player page, its commits and the package's files (`routes.playing`, `routes.content`).
Hears StatementsStored and lets courses follow their lessons (`services.rollup`), and SignedOut
(`services.closing`). Sends it, through
`core.record`.
"""
