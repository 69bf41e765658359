"""Sending mail by the SMTP server of the settings."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from settings import Settings

SECONDS = 30
IMPLICIT, STARTTLS, PLAIN = "tls", "starttls", "no"


class NotMailed(Exception):
    """A letter that certainly did not go out: what was wrong, as one sentence."""


@dataclass(frozen=True)
class Letter:
    """A letter as plain text."""

    to: str
    subject: str
    text: str


class Mailer:
    """Sends letters.

    Args:
        settings: whose SMTP server it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Send one letter.

        Raises:
            NotMailed: the server does not answer, or refuses it.
        """
        message = self._message(letter)
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as problem:
            where = f"{self._settings.smtp_host}:{self._settings.smtp_port}"
            raise NotMailed(f"The mail server {where} did not take the letter: {problem}") from problem

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        sender = self._settings.smtp_from or f"tandem@{self._settings.smtp_host}"
        message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
        message["Date"], message["Message-ID"] = formatdate(localtime=False), make_msgid(domain="tandem")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        given = self._settings
        host, port = str(given.smtp_host), given.smtp_port
        if given.smtp_tls == IMPLICIT:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        with server:
            if given.smtp_tls == STARTTLS:
                server.starttls(context=ssl.create_default_context())
            if given.smtp_user:
                server.login(given.smtp_user, given.smtp_password or "")
            yield server
