"""What several test suites share: doubles, builders, faults; holds no tests."""
