"""Figures as plain dictionaries for plotly.js, built without Dash and tested without a browser."""
