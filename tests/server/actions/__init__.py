"""What users may cause, on a real database file."""
