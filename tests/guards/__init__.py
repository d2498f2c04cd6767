"""Guards, run: what Partway writes must leave the schema that one plain run leaves, however often it is run."""
