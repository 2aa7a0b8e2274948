"""Text that holds exam questions to their stems, options and keys."""
