"""What stands further down the page and matters most, said on top with the way to it."""

from typing import Any

from dashboard.i18n import t

View = dict[str, Any]


def findings(view: View) -> list[View]:
    """That a substitute was out, and where consumption and services parted, as far as the page shows either.

    Args:
        view: all the words of the page.

    Returns:
        For each its text, what the way to it is called, and the id of where it leads.
    """
    family, parted = view["story"]["family"], view["table"].get("parted") or {}
    out = family and family["substitute"]
    found = [(out["strong"], "compare-story-family")] if out else []
    found += [(f"{parted['title']}.", "compare-parted-box")] if parted.get("any") else []
    return [{"text": text, "see": t("story.see"), "target": target} for text, target in found]
