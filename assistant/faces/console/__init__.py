"""The commands on a terminal or in a pipe: who answers them, and how what they print is laid out."""
