"""The staff console at /console: sign-in, roles, and one module for each page."""
