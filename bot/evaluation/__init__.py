"""Measuring the bot: answer quality (`bhyt-bot eval`) and speed (`bhyt-bot bench`)."""
