"""What the bot says: a pure conversation core over the knowledge base."""
