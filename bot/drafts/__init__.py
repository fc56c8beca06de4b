"""What staff changes in the answers while the bot runs: gap → draft → second person → live."""
