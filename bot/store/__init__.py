"""What is kept: SQLAlchemy models, migrations, and one module per noun."""
