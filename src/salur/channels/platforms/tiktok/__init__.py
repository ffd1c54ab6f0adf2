"""TikTok: comments under the own videos and direct messages, over the Accounts API of TikTok for Business."""
