"""What is true: dated facts, official sources, reviewed answers, and the search over them.

Pure: no clock, no network, no database; every question is asked with a day. It can be used alone:

    from knowledge import load
    base = load()
    print(base.render("muc-dong-hien-nay", date(2026, 11, 21)).text)
"""

from knowledge.base import KnowledgeBase, load

__all__ = ["KnowledgeBase", "load"]
