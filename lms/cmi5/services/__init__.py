"""Opening units, listening to them, and drawing the consequences."""
