"""One file per subject: what a request says becomes an action's arguments, what an action returns becomes an answer."""
