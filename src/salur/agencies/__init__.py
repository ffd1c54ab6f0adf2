"""Governments, agencies, the functions they own, their members and work calendars."""
