"""The database behind ``assistant/store.py``: its tables, what is packed into them, and what is read of them."""
