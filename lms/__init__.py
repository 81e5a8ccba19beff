"""The Flask application: one package (room) per feature, on top of `tracking` and `courses`."""
