"""WhatsApp: private chats over the Business Cloud API of Meta."""
