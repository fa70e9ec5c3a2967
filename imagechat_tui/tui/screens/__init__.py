"""Whole screens and dialogs; they decide what a key or a change means, widgets only show and report."""
