"""Tests of identity and rights."""
