"""The wire's shapes."""
