"""Tests of the process around the server."""
