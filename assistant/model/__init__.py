"""What runs the model that ``assistant/encoder.py`` encodes with, and how its token vectors meet."""
