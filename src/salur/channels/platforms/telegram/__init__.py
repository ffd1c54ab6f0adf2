"""Telegram: a bot of the agency, by hook or by asking."""
