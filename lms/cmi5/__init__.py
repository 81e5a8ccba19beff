"""Playing cmi5 lessons as an LMS must (cmi5 specification “Quartz”, 1.0; docs/cmi5.md).

Words: unit (AU: a lesson of a cmi5 course), block (a chapter of one), registration (one learner's way through
one version of a course, all its units together), launch (one opening of a unit; its id is cmi5's session id),
mode (Normal, Browse for authors, Review for what is done), fetch address (where the unit gets its key, once),
move on (moveOn: what must have happened before a unit counts), satisfied, waived (a unit let off by an
administrator), abandoned (a launch that ended without saying so).

A unit speaks to the record store as programs do, with the credential of its session (`lms.xapi.sessions`);
`services.watching` stands at the store's door and holds it to the specification. Opens lessons for the player
(`player.opening`). Sends StatementsStored, through `core.record`.
"""
