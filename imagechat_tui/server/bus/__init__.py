"""Carries events from the node that wrote them to every node that looks at their board; keeps nothing."""
