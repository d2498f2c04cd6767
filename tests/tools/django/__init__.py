"""Django: its reader, states, guards and opt-out."""
