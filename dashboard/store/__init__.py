"""The stores' desk as it travels: its document, its words, its service worker and its manifest."""
