// The tabs whose form is a slip.
(function (store) {
  store.tabs = store.tabs || [];

  const slipTab = (kind) => ({
    name: kind,
    title: `store.tab_${kind}`,
    // Draw the tab into its place; gives what the desk calls on when something changed.
    open: async (desk, place) => {
      const form = store.slipForm(desk, kind, place, await desk.draft(kind));
      return {
        refresh: form.refresh,
        confirm: form.confirm,
        choose: (number) => { const button = form.top.querySelector(`[data-key="${number}"]`); if (button) button.click(); },
        scanned: (item, read) => {
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
