"""Imported while a request is served."""
