"""A sample board with lively reviewers, to try everything without anybody else."""
