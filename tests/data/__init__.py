"""What data changes do when they are repeated: statements with what the engines did, and what the reader must bear."""
