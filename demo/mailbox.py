"""The tables in which conversations, their messages and those who take part are kept."""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, subject TEXT, type TEXT, created TEXT, last_message TEXT, last_sender TEXT);
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, conversation TEXT, text TEXT, sender TEXT, created TEXT,
    internal INTEGER, attachments TEXT);
CREATE INDEX IF NOT EXISTS messages_of_a_conversation ON messages (conversation);
CREATE TABLE IF NOT EXISTS participants (
    conversation TEXT, user TEXT, read INTEGER, follow_up INTEGER DEFAULT 0, PRIMARY KEY (conversation, user))
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_of_a_person ON participants (user);
"""
