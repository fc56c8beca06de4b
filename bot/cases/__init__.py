"""What people take over from the bot: cases, who works on them, and how their answers reach the citizen."""
