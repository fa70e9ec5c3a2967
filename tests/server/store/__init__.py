"""The store on its engines."""
