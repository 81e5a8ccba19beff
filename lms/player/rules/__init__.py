"""What the run-time of SCORM 1.2 says and what follows from it: pure functions, without a database."""
