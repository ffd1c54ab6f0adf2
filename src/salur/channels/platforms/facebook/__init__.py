"""A Facebook Page: comments, visitor posts, mentions and reviews in public, Messenger in private."""
