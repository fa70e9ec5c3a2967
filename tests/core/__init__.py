"""Tests of the sync core, module by module; the simulation proves the whole."""
