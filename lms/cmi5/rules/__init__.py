"""What the specification says of statements and units: pure functions, without a database."""
