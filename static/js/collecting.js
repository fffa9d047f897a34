// Collecting without the mouse: the arrow keys go from person to person and from household to household, left and right
// change who pays, Enter notes a household and goes on to the next. Nothing acts while an input method composes.

"use strict";

(() => {
  const homes = () => [...document.querySelectorAll("[data-collect] [data-open]")];
  const homeOf = (element) => (element instanceof Element ? element.closest("[data-home]") : null);
  const boxesOf = (home) => [...home.querySelectorAll("input[name=members]")];
  const stopsOf = (home) => [...boxesOf(home), ...home.querySelectorAll("input[name=on], input[name=receipt]")];
  const receiptOf = (home) => home.querySelector("input[name=receipt]");

  function stand(field) {
    if (!field) return;
    field.focus({ preventScroll: true });
    if (field.select && field.type !== "checkbox") field.select();
    const home = homeOf(field);
    if (home) home.scrollIntoView({ block: "nearest" });
  }

  const enter = (home) => home && stand(stopsOf(home)[0]);

  // The open household after or before one, which may itself be noted by now.
  function beside(home, step) {
    const all = [...document.querySelectorAll("[data-collect] [data-home]")];
    for (let at = all.indexOf(home) + step; all[at]; at += step) {
      if (all[at].matches("[data-open]")) return all[at];
    }
    return null;
  }

  function move(home, field, step) {
    const stops = stopsOf(home);
    const to = stops[stops.indexOf(field) + step];
    if (to) {
      stand(to);
      return;
    }
    const other = beside(home, step);
    if (other) stand(step > 0 ? stopsOf(other)[0] : stopsOf(other).at(-1));
  }

  function changePayer(field, step) {
    const payer = field.closest("[data-line]").querySelector("[data-payer]");
    if (!payer) return;
    const count = payer.options.length;
    payer.selectedIndex = (payer.selectedIndex + step + count) % count;
    payer.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function sum(home) {
    const shown = home.querySelector("[data-sum]");
    if (!shown) return;
    let fen = 0;
    for (const line of home.querySelectorAll("[data-line]")) {
      const box = line.querySelector("input[name=members]");
      const payer = line.querySelector("[data-payer]");
      if (box && box.checked && (!payer || payer.value === "own")) fen += Math.round(Number(line.dataset.own) * 100);
    }
    shown.textContent = (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2 });
  }

  // Who pays is changed by the arrow keys: Tab goes from person to person.
  function prepare(within) {
    const found = within.matches && within.matches("[data-home]") ? [within] : within.querySelectorAll("[data-home]");
    for (const home of found) {
      home.querySelectorAll("[data-payer]").forEach((payer) => { payer.tabIndex = -1; });
      sum(home);
    }
  }

  const ACTS = {
    ArrowDown: (home, field) => move(home, field, 1),
    ArrowUp: (home, field) => move(home, field, -1),
    PageDown: (home) => enter(beside(home, 1)),
    PageUp: (home) => enter(beside(home, -1)),
    F4: (home, field) => (field === receiptOf(home) ? enter(home) : stand(receiptOf(home))),
    Enter: (home) => home.requestSubmit(),
  };

  function actOf(key, field) {
    if (field.type === "checkbox" && key === "ArrowRight") return () => changePayer(field, 1);
    if (field.type === "checkbox" && key === "ArrowLeft") return () => changePayer(field, -1);
    if (field.matches("select, button, a") || (field.type === "date" && key.startsWith("Arrow"))) return null;
    return ACTS[key];
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey) return;
    const home = homeOf(event.target);
    if (!home || !home.matches("[data-open]") || event.shiftKey) return;
    const act = actOf(event.key, event.target);
    if (!act) return;
    event.preventDefault();
    if (!(event.repeat && event.key === "Enter")) act(home, event.target);
  });

  document.addEventListener("change", (event) => {
    const home = homeOf(event.target);
    if (home) sum(home);
  });

  // A number (its end first), a head's name or initials: the first household that is found here, else the server looks.
  function found(typed) {
    const wanted = typed.normalize("NFKC").trim().toLowerCase();
    const keys = (home) => home.dataset.home.toLowerCase().split(" ");
    const all = homes();
    return all.find((home) => keys(home)[0].endsWith(wanted))
      || all.find((home) => keys(home).slice(1).some((key) => key.startsWith(wanted)));
  }

  document.addEventListener("submit", (event) => {
    const desk = event.target;
    const find = desk.matches("[data-desk]") && desk.elements.namedItem("find");
    if (!find || document.activeElement !== find || !find.value.trim()) return;
    const home = found(find.value);
    if (!home) return;
    event.preventDefault();
    find.value = "";
    enter(home);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && event.target.id === "find" && !event.isComposing) {
      event.preventDefault();
      enter(homes()[0]);
    }
  });

  // A household that is refused comes back as any page would, in its place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422 && homeOf(event.detail.target)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // The book's next number, and the day last typed, stand in every row that nobody has changed.
  document.addEventListener("collected", (event) => {
    for (const home of homes().filter((one) => !one.matches(".is-refused"))) {
      for (const [name, value] of [["receipt", event.detail.next], ["on", event.detail.on]]) {
        const field = home.querySelector(`input[name=${name}]:not([type=hidden])`);
        if (field && field.value === field.defaultValue) {
          field.value = value;
          field.defaultValue = value;
        }
      }
    }
  });

  // Only after settling does the new row have its own attributes: until then htmx lends it those of the old one.
  document.addEventListener("htmx:afterSettle", (event) => {
    const id = event.detail.target && event.detail.target.id;
    if (!id || !id.startsWith("home-")) return;
    const home = document.getElementById(id);
    if (!home) return;
    prepare(home);
    if (home.matches(".is-refused")) stand(home.querySelector("[aria-invalid=true]") || stopsOf(home)[0]);
    else if (home.matches("[data-open]")) enter(home);
    else enter(beside(home, 1));
  });

  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    const wanted = document.querySelector(".is-refused") || document.querySelector(`${location.hash || "#none"}[data-open]`);
    enter(wanted || homes()[0]);
  });
})();
