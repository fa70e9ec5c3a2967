"""The parts of the screen; each shows values it is given and reports what the user does with messages."""
