"""Replies on their way to a platform: in order per person, at its pace, and over a crash."""
