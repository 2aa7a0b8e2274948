"""A question by its grammar alone: what is asked, of what, and what it leaves to the questions before it."""
