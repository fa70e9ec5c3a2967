"""The server's floors, one folder or file each."""
