"""Real database engines for tests: private servers, one `Lab` per engine, and the pytest plugin that hands them out."""
