"""What travels between client and server; no behaviour, no I/O; the only decoders of the program."""
