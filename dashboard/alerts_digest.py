"""The digest of a month in words: a greeting, the alerts that matter most, where they can be opened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dashboard.alerts_words import AlertWords
from dashboard.i18n import month, number, t
from ledger.alerts import Alert

NAMED = 20


class Letters:
    """Writes letters in the reader's language.

    Args:
        words: says alerts.
        address: where Tandem is reached; empty where that is not said.
        today: of which month the letters are.
    """

    def __init__(self, words: AlertWords, address: str, today: datetime) -> None:
        self._words, self._address, self._today = words, address.rstrip("/"), today

    def written(self, name: str, alerts: Sequence[Alert]) -> tuple[str, str]:
        """Subject and text of a letter.

        Args:
            name: of who reads it.
            alerts: what there is to tell, the most important first.
        """
        count = number(len(alerts))
        [(unit, _)] = Counter(each.unit for each in alerts).most_common(1)
        place = self._words.area(unit) if len({each.unit for each in alerts}) > 1 else self._words.place(unit)
        when = month(self._today.year * 100 + self._today.month)
        lines = [t("alerts.mail_hello", name=name), "", t("alerts.mail_lead", n=count), ""]
        for each in alerts[:NAMED]:
            lines += [f"• {self._words.place(each.unit)}: {self._words.said(_alone(each), None).sentence}"]
        if len(alerts) > NAMED:
            lines += [t("alerts.mail_more", n=number(len(alerts) - NAMED))]
        if self._address:
            lines += ["", t("alerts.mail_open", address=f"{self._address}/alerts")]
        lines += ["", t("alerts.mail_why")]
        return t("alerts.mail_subject", n=count, place=place, month=when), "\n".join(lines)


def _alone(alert: Alert) -> Alert:
    """An alert without what other items show: which forms the reader of a letter may read is not known."""
    own = [each for each in alert.facts.get("because") or () if not each["other"]]
    return replace(alert, facts={**alert.facts, "because": own})
