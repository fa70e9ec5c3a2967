"""Tests of the way from bytes to pixels."""
