"""Rails: names, values, reading, robustness."""
