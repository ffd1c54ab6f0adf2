"""Pure: spans of working time, work calendars and the deadlines counted on them."""
