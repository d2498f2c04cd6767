"""The same in Django, run by the real one."""
