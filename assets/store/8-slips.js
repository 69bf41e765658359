// The tabs whose form is a slip.
(function (store) {
  store.tabs = store.tabs || [];
  const SCAN_MS = 2000;

  const slipTab = (kind) => ({
    name: kind,
    title: `store.tab_${kind}`,
    // Draw the tab into its place; gives what the desk calls on when something changed.
    open: async (desk, place) => {
      const form = store.slipForm(desk, kind, place, await desk.draft(kind));
      let before = null; // who was chosen before a digit chose somebody: the digit may have begun a slow scan
      return {
        refresh: form.refresh,
        confirm: form.confirm,
        choose: (number) => {
          const button = form.top.querySelector(`[data-key="${number}"]`);
          if (!button) return;
          before = { person: form.draft.recipient, until: Date.now() + SCAN_MS };
          button.click();
        },
        // The scan meant another item: nothing of it stays on the slip but what a person typed.
        unscanned: (item, read) => {
          const line = form.draft.lines.find((each) => each.item === item.id);
          if (!line) return;
          if (line.lot === read.lot) line.lot = "";
          if (line.expiry === read.expiry) line.expiry = "";
          if (!line.given && !line.asked) { form.drop(item.id); return; }
          form.parts.set(item.id, store.drawLineOf(form, line));
          form.edited();
        },
        scanned: (item, read) => {
          if (before && before.until > Date.now()) { form.draft.recipient = before.person; form.drawTop(); }
          const line = form.pick(item);
          if (read.lot && !line.lot) line.lot = read.lot;
          if (read.expiry && !line.expiry) line.expiry = read.expiry;
          form.parts.set(item.id, store.drawLineOf(form, line));
          form.edited();
          form.parts.get(item.id).input.focus();
          store.say(store.t("store.scanned", { item: item.name }));
        },
      };
    },
  });

  store.tabs.push(slipTab("dispense"), slipTab("return"), slipTab("write_off"));
})(window.tandem.store);
