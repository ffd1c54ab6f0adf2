"""The citizens' windows: file a report, follow it. Views only."""
