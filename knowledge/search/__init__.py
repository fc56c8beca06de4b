"""Find the entry that a question asks for, and how sure we may be."""
