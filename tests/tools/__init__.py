"""How migration tools are told apart, and how their files fall into sections."""
