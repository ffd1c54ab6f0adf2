"""The programs' window: health and metrics. Views only."""
