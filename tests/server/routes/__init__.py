"""Tests of the HTTP side, through a real uvicorn."""
