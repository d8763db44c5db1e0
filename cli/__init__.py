"""The command line: `asc`. Commands are thin; the work is done in the packages they import."""
