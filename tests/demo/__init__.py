"""The demo: its picture, its reviewers, its stage."""
