"""The whole database in one file, and back: the same file for SQLite and PostgreSQL.

A ZIP of one part of JSON lines for each table, and a manifest that names them with their digests.
"""
