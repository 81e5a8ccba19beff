"""The pages of one's own long tasks: how far each is, what came of it. The work itself is `lms.core.jobs`."""
