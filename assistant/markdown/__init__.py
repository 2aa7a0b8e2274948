"""A Markdown file to sections, their lines and the passages that are encoded. Its face is ``assistant/notes.py``."""
