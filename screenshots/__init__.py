"""Pictures and the recording of README, made by playing scenes with the real program."""
