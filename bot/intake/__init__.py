"""Takes in what platforms deliver: acknowledged only when it is kept, answered once, in order per person."""
