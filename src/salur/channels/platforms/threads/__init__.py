"""A Threads profile: replies under its threads, and mentions."""
