"""Plain SQL files: those that no tool here claims, with the directions that other runners write into names and text."""
