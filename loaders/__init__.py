"""From the outside world to checked frames and the local snapshot; knows HTTP and no page."""
