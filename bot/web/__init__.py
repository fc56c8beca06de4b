"""The web chat: one page, a small API behind it, and a script that schools embed."""
