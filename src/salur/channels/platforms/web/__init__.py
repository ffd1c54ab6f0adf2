"""The form of our own portal; its answers are shown on the tracking page."""
