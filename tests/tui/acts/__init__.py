"""Pieces of acting: what a person does with each key of the table, and what has to come of it."""
