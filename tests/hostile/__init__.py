"""What attackers try: words that are commands elsewhere, the design against itself, requests that nobody means."""
