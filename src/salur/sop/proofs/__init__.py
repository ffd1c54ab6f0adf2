"""What is proved of a document before anybody may sign it. Pure."""
