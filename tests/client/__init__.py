"""Tests of the client floor."""
