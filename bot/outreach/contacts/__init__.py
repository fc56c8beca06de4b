"""The people an office may write to: read from lists and from what they said in the chat, shown, and erased."""
