"""The dashboard: Dash on Flask; one module a page, texts in French and English."""
