"""Validation: the collection's models against NHS England's Data Validation Engine, same rows."""
