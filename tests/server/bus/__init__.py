"""The bus floor."""
