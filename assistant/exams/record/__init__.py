"""Attempts at exam questions: kept, summed up and given out."""
