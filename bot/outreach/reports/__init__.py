"""What came of campaigns, and what people asked: figures, and the pages and tables that show them."""
