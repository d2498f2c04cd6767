"""Tests of the command line: in process where that shows it, as a real process where that is the point."""
