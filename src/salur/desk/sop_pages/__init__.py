"""The officers' pages about SOPs: read, compare, review, sign, and move open cases."""
