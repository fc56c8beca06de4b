"""The platforms on this machine: an office can try the whole bot before it owns an account."""
