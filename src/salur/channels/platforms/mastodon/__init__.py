"""Mastodon and all who speak its client interface: an ordinary account of the agency, asked for mentions."""
