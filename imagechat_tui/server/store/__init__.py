"""The truth: one writer with group commit, readers beside it; every function names the tenant it works for."""
