"""Where messages come from: one module per channel, one value (`Inbound`) for all of them."""
