"""What a user may cause: check, write, log; published after the commit by the one place that publishes."""
