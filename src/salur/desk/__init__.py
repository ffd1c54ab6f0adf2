"""The officers' rooms: queue, case, approvals, counter. Views only."""
