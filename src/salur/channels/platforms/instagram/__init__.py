"""An Instagram professional account: comments, mentions and tags in public, direct messages in private."""
