"""The SOP document: one validated text that the engine runs and the printer prints. Pure."""
