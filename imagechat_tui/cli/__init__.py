"""Commands: one file each, loaded only when called; stdout is data, stderr is talk."""
