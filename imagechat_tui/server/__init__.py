"""The server: Starlette for REST, one protocol class for the live socket. Meets the client only in ``protocol``."""
