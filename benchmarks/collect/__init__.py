"""Collecting and checking: how fast a workbook lands, how fast landed rows are validated."""
