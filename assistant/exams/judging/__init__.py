"""How the lines of the notes bear on the options of a question. Its face is ``assistant/exam.py``."""
