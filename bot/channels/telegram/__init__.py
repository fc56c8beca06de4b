"""The bot on Telegram, over python-telegram-bot.

Of the library we use `telegram.Bot` for calls, its transport port and its errors, and not `telegram.ext.Application`:
the application's update queue lives in memory, so an update acknowledged to Telegram and not yet worked on dies with
the process. Here an update is handed to `take`, which has it on disk when it returns, and only then acknowledged.
"""
