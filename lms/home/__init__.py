"""The front page, and the simple pages that everybody may need: help, privacy.

Words: none of its own. The front page is put together for whoever looks at it: a guest is invited to try a
lesson, a learner goes on where they were, an officer sees the mandatory courses first, a manager the numbers.
The numbers come from `rates` through the template; this room does not know it. Sends and hears nothing.
"""
