"""Read-only figures: conservation of intake, deadlines kept, health."""
