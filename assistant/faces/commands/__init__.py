"""The commands as they are typed, and how what they find is printed. What one needs it imports when it runs."""
