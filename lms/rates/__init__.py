"""Completed / members of any unit, course, audience and date: pages, files, commands and `/api/v1/`.

Words: question (unit, course, audience, as of, known on), answer (a rate with its definition), explanation
(the people behind a rate, each with the statement that proves the completion), statement page.

Sends and hears nothing. What is asked of the record is asked of `tracking.rates`; this room knows the tree,
the names and who may see them. Who may see rates sees figures; names need the permission to see people.
"""
