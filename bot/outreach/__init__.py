"""Outreach: contact → consent → segment → campaign → approval → recipients → delivery."""
