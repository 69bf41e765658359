"""What stands further down the page and matters most, said on top with the way to it."""

from typing import Any

from dashboard.i18n import t

View = dict[str, Any]


def findings(view: View) -> list[View]:
    """That a substitute was out, and where consumption and services parted, as far as the page shows either.

    Args:
        view: all the words of the page.

    Returns:
        For each its text, what the way to it is called, and where it leads: the id of a part of this page, or
        the address of another period.
    """
    family, parted = view["story"]["family"], view["table"].get("parted") or {}
    out = family and family["substitute"]
    found = [(out["strong"], t("story.see"), "compare-story-family")] if out else []
    other = family and family["elsewhen"]
    if parted.get("groups") or (
        parted.get("title") and any(row["two"]["marks"] for row in view["table"]["rows"])
    ):
        found.append((f"{parted['title']}.", t("story.see_parted"), "compare-parted-box"))
    told = [{"text": text, "see": see, "target": target} for text, see, target in found]
    return [other, *told] if other else told
