"""`python -m bench.tasks http://127.0.0.1:8050`: five tasks of a store keeper, in French, on a tablet.

The network goes after the first task and comes back before the last. Whoever does them knows the desk by
what stands on it alone: buttons and fields are found by their role and their French name, as somebody who
sees or hears the page finds them. Printed are, for each task, what was pressed and touched, the seconds that
the desk itself took, and how long a person takes at least by the keystroke-level model: 0.28 s a key, 1.1 s
for pointing, 1.35 s for each thought (one a touch). Source: S. K. Card, T. P. Moran, A. Newell, The
keystroke-level model for user performance time with interactive systems, Communications of the ACM 23 (1980),
396-410. An error is a message that something cannot be taken, a question asked back, or a thing that is not
found. At the end the balances on the server must be what was given, received and counted, once.

`--pictures FOLDER` keeps a picture of every step.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from bench.wire import chromium

WIDTH, HEIGHT = 768, 1024
KEY, TOUCH, THOUGHT = 0.28, 1.1, 1.35
FIRST_MS, PATIENCE_MS, SETTLED_MS = 120_000, 30_000, 250
PROBLEMS = ".store-problem:visible, [role=alert]:visible"
ITEMS = ("Oxytocine", "Zinc", "Amoxicilline", "Misoprostol", "Chlorhexidine")
OXYTOCIN, ZINC, AMOXICILLIN, MISOPROSTOL, CHLORHEXIDINE = ITEMS
PERSON, SERVICE = "Awa Koné", "Maternité"

_BALANCES = """async () => {
  const { store } = window.tandem;
  const unit = (await store.stores())[0].id;
  const told = await store.ask(`/api/v1/store/${unit}`);
  return Object.fromEntries(told.items.map((each) => [each.name, each.balance]));
}"""
_SENT = """async () => {
  const { store } = window.tandem;
  for (const row of await store.db.all("entries"))
    if (row.state === "open") await store.db.put("entries", { ...row, send_after: 0 });
  while ((await store.send(true)) === "busy") await new Promise((tell) => setTimeout(tell, 50));
}"""


class NotFound(Exception):
    """Something that should stand on the page does not."""


@dataclass
class Done:
    """What a task took."""

    name: str
    keys: int = 0
    touches: int = 0
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)

    @property
    def person(self) -> float:
        """The seconds of a person who makes no mistake, by the keystroke-level model."""
        return self.keys * KEY + self.touches * (TOUCH + THOUGHT)


class Keeper:
    """Somebody at the desk, with eyes and one finger.

    Args:
        page: the desk.
        pictures: where pictures go; None for none.
    """

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self._page, self._pictures, self._step = page, pictures, 0
        self.task = Done("")

    def touch(self, role: Any, name: str, exact: bool = True) -> None:
        """Touch what has this role and name."""
        self._act(self._at(role, name, exact), lambda found: found.click())
        self.task.touches += 1

    def type(self, name: str, text: str) -> None:
        """Touch a field of this name and type into it."""
        self._act(self._page.get_by_label(name, exact=True), lambda found: found.fill(text))
        self.task.touches += 1
        self.task.keys += len(text)

    def choose(self, name: str, option: str) -> None:
        """Open a list of this name and touch one of its words."""
        self._act(self._page.get_by_label(name, exact=True), lambda found: found.select_option(label=option))
        self.task.touches += 2

    def book(self, item: str) -> int:
        """The number of packs that stands beside an item."""
        row = self._page.get_by_role("listitem").filter(has=self._page.get_by_text(item, exact=True))
        return int(
            row.locator("visible=true").first.locator(".store-balance b").inner_text().replace("−", "-")
        )

    def sees(self, text: str) -> None:
        """Look for words that say that it worked."""
        try:
            expect(self._page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)
        except AssertionError:
            raise NotFound(f"the words {text!r}") from None

    def _at(self, role: Any, name: str, exact: bool) -> Locator:
        wanted: str | re.Pattern[str] = name if exact else re.compile(f"^{re.escape(name)}")
        return self._page.get_by_role(role, name=wanted, exact=exact)

    def _act(self, found: Locator, act: Callable[[Locator], None]) -> None:
        began = time.perf_counter()
        try:
            act(found.locator("visible=true").first)
        except TookTooLong:
            raise NotFound(str(found)) from None
        self.task.seconds += time.perf_counter() - began
        self._page.wait_for_timeout(SETTLED_MS)
        self._complaints()
        self._picture()

    def _complaints(self) -> None:
        """What the page says is wrong, each once."""
        for text in self._page.locator(PROBLEMS).all_inner_texts():
            if text.strip() and text not in self.task.errors:
                self.task.errors.append(text)

    def _picture(self) -> None:
        if self._pictures:
            self._step += 1
            self._page.screenshot(path=self._pictures / f"{self._step:02d}.png")


Task = Callable[[Keeper], None]


def give_to_somebody_new(keeper: Keeper) -> None:
    """Two packs for somebody who comes for the first time."""
    keeper.touch("button", "+ Nouvelle personne")
    keeper.type("Nom", PERSON)
    keeper.type("Service", SERVICE)
    keeper.touch("button", "Enregistrer")
    keeper.touch("button", f"Donner {OXYTOCIN}")
    keeper.type(f"Boîtes de {OXYTOCIN} données", "2")
    keeper.touch("button", "Donner 1 produit")
    keeper.sees("Enregistré sur cet appareil.")


def give_two_items_offline(keeper: Keeper) -> None:
    """Two items for the same person, without a network."""
    keeper.touch("button", PERSON, exact=False)
    keeper.touch("button", f"Donner {ZINC}")
    keeper.type(f"Boîtes de {ZINC} données", "1")
    keeper.touch("button", f"Donner {AMOXICILLIN}")
    keeper.type(f"Boîtes de {AMOXICILLIN} données", "1")
    keeper.touch("button", "Donner 2 produits")
    keeper.sees("Enregistré sur cet appareil.")


def receive_a_delivery(keeper: Keeper) -> None:
    """Three lines of a delivery note, of which one came short."""
    keeper.touch("button", "Recevoir")
    for item, packs in ((OXYTOCIN, "20"), (ZINC, "15"), (MISOPROSTOL, "12")):
        keeper.type(f"{item} : boîtes sur le bon de livraison", packs)
    keeper.touch("button", "Tout comme indiqué")
    keeper.type(f"{MISOPROSTOL} : boîtes arrivées", "10")
    keeper.choose("Pourquoi moins ?", "Le dépôt ne l’a pas envoyé")
    keeper.touch("button", "Recevoir 3 produits")
    keeper.sees("Livraison reçue, 3 lignes.")


def count_two_shelves(keeper: Keeper) -> None:
    """Two items are counted; of one a pack is missing."""
    keeper.touch("button", "Compter")
    for item, missing in ((CHLORHEXIDINE, 0), (AMOXICILLIN, 1)):
        keeper.type(f"{item} : boîtes comptées", str(keeper.book(item) - missing))
    keeper.choose("D’où vient l’écart ?", "Volé ou manquant")
    keeper.touch("button", "Enregistrer le comptage de 2 produits")
    keeper.sees("Comptage gardé, 2 produits.")


def order_the_month(keeper: Keeper) -> None:
    """The order as proposed, with one number of one's own."""
    keeper.touch("button", "Commander")
    keeper.touch("button", "Tout comme proposé")
    keeper.type(f"{OXYTOCIN} : boîtes à commander", "25")
    keeper.touch("button", "Envoyer la commande")
    keeper.sees("La commande est gardée")


TASKS: tuple[tuple[str, Task], ...] = (
    ("donner 2 boîtes à une nouvelle personne", give_to_somebody_new),
    ("donner 2 produits, sans réseau", give_two_items_offline),
    ("recevoir 3 lignes, dont une incomplète, sans réseau", receive_a_delivery),
    ("compter 2 produits, dont un qui manque, sans réseau", count_two_shelves),
    ("commander le mois", order_the_month),
)
ONLINE_AGAIN = order_the_month
EXPECTED = {OXYTOCIN: 18, ZINC: 14, AMOXICILLIN: -2, MISOPROSTOL: 10, CHLORHEXIDINE: 0}
"""What the tasks do to each balance: given, received, and what the count found missing."""


def attempt(keeper: Keeper, name: str, task: Task) -> Done:
    """One task, once; it ends where something is not found."""
    keeper.task = Done(name)
    try:
        task(keeper)
    except NotFound as missing:
        keeper.task.errors.append(f"not found: {missing}")
    return keeper.task


def drive(page: Page, pictures: Path | None) -> tuple[list[Done], dict[str, tuple[int, int]]]:
    """All tasks, the network gone from the second to the last but one; and balances as expected and found."""
    before = page.evaluate(_BALANCES)
    keeper, done = Keeper(page, pictures), []
    for at, (name, task) in enumerate(TASKS):
        page.context.set_offline(at > 0 and task is not ONLINE_AGAIN)
        done.append(attempt(keeper, name, task))
    page.evaluate(_SENT)
    after = page.evaluate(_BALANCES)
    return done, {item: ((before[item] or 0) + by, after[item]) for item, by in EXPECTED.items()}


def opened(page: Page, address: str, user: str, password: str) -> None:
    """The desk in French, its first balances taken over and the service worker at hand."""
    page.goto(f"{address}/login?lang=fr&next=/store")
    page.get_by_role("textbox").nth(0).fill(user)
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(f"{address}/store?lang=fr&tab=dispense")
    expect(page.get_by_role("button", name=f"Donner {OXYTOCIN}")).to_be_visible(timeout=FIRST_MS)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    balance = page.get_by_role("listitem").filter(has=page.get_by_text(OXYTOCIN, exact=True))
    expect(balance.first.locator(".store-balance b")).to_have_text(re.compile(r"\d"), timeout=FIRST_MS)


def printed(done: list[Done], balances: dict[str, tuple[int, int]]) -> bool:
    """Print the table; whether all went without an error and the balances are right."""
    print(f"{'task':54} {'keys':>5} {'touches':>8} {'desk s':>7} {'person s':>9}  errors")
    for each in done:
        counts = f"{each.keys:5} {each.touches:8} {each.seconds:7.1f} {each.person:9.0f}"
        print(f"{each.name:54} {counts}  {len(each.errors)}")
        print("".join(f"    {error}\n" for error in each.errors), end="")
    wrong = {item: pair for item, pair in balances.items() if pair[0] != pair[1]}
    for item, (wanted, found) in balances.items():
        print(f"balance of {item}: {found}, expected {wanted}{'' if wanted == found else ' !'}")
    return not wrong and not any(each.errors for each in done)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.tasks", description=__doc__.split("\n\n")[0])
    parser.add_argument("address", help="of a running installation of Whotopia")
    parser.add_argument("--user", default="store")
    parser.add_argument("--password", default="Store-1234")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of every step")
    options = parser.parse_args()
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True).new_page()
        page.set_default_timeout(FIRST_MS)
        opened(page, options.address.rstrip("/"), options.user, options.password)
        page.set_default_timeout(PATIENCE_MS)
        right = printed(*drive(page, options.pictures))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
