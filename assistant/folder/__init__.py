"""The folder of notes: what files are in it, which of them have changed, and when to look."""
