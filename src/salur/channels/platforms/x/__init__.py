"""X (formerly Twitter): mentions, replies, quotes and direct messages, over the X Activity API and by polling."""
