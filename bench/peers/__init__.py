"""Pulls of the same units and figures by each client, one script each, run in an environment of its own."""
