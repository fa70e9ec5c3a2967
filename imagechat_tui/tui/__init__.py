"""The terminal app: what is seen and pressed. It shows a session's views and hands it intents; it knows no network."""
