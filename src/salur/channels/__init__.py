"""Official accounts, and one small protocol by which every platform is reached."""
