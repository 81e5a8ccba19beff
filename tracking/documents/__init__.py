"""Documents: what programs keep beside statements.

Words: document (any bytes under a name, with a media type), state (a document about an agent in an activity,
perhaps of one registration), profile (a document about an activity, or about an agent), shelf (all documents
about the same), place (one document of a shelf), entity tag (the SHA-1 of a document's bytes).

places: `state_of`, `profile_of_activity`, `profile_of_agent`, and `.place(name)` of what they give.
services: `put`, `merge`, `delete`, `delete_all`; each with a `Precondition` on what is there now, and safe
against writers at the same moment. queries: `document`, `listing`.
"""
