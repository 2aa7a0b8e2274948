"""Sections to an answer: the lines that say it, and whether they do. Its face is ``assistant/answer.py``."""
