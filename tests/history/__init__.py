"""Tracking tables as the real tools keep them, read, judged and marked by Partway."""
