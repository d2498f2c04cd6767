"""What real engines do with single statements, observed and never written by hand, and how verdicts compare."""
