"""Everything that is served: the open port, who may talk to it, the JSON interface and the chat page."""
