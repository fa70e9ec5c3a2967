"""Real faults between real programs: servers that are killed, networks that break; nothing here is simulated."""
