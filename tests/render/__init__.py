"""Tests of the way from pixels to cells."""
