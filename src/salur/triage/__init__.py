"""What a message is and whose: readings by rules, corrected by people."""
