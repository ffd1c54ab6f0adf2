"""YouTube: comments about the own channel, found by polling the Data API v3."""
