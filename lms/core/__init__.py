"""What every room stands on: database session and commit, web errors, jobs, events, clock, i18n, files."""
