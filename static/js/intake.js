// Taking a claim in without the mouse: what is typed into a search field shows what it may mean, the arrow keys choose,
// Enter takes it and goes on. In the grid of costs Enter goes down its column, the arrow keys go from cell to cell.

"use strict";

(() => {
  const form = () => document.querySelector("form[data-intake]");
  const pickOf = (element) => (element instanceof Element ? element.closest("[data-pick]") : null);
  const foundOf = (pick) => pick.querySelector("[data-found]");
  const radiosOf = (pick) => [...pick.querySelectorAll("[data-found] input[type=radio]")];
  const textOf = (pick) => pick.querySelector("input[type=text]");
  const isPlain = (event) => !(event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey
    || event.metaKey || event.shiftKey);

  function goOn(from) {
    const stops = [...from.form.elements].filter((one) => one.matches("input:not([type=hidden], [type=radio]), select")
      && !one.disabled && one.getClientRects().length > 0);
    const next = stops[stops.indexOf(from) + 1];
    if (!next) return;
    next.focus();
    if (next.select) next.select();
  }

  // The one that is taken stays as a hidden value; the field says what it is called.
  function take(pick, radio) {
    const text = textOf(pick);
    const value = document.createElement("input");
    value.type = "hidden";
    value.name = radio.name;
    value.value = radio.value;
    text.value = radio.dataset.label;
    foundOf(pick).replaceChildren(value);
    delete pick.dataset.wanted;
    goOn(text);
    window.htmx.trigger(form(), "intake");
  }

  function choose(pick, step) {
    const radios = radiosOf(pick);
    if (!radios.length) return;
    const at = radios.findIndex((one) => one.checked);
    const to = Math.min(Math.max(at + step, 0), radios.length - 1);
    radios[to].checked = true;
  }

  // Enter before the answer is there takes it when it comes, if only one thing is meant.
  function enter(pick) {
    const radios = radiosOf(pick);
    const chosen = radios.find((one) => one.checked) || (radios.length === 1 ? radios[0] : null);
    if (chosen) take(pick, chosen);
    else if (pick.querySelector("input[type=hidden]") || !textOf(pick).value.trim()) goOn(textOf(pick));
    else if (radios.length) choose(pick, 1);
    else pick.dataset.wanted = "yes";
  }

  document.addEventListener("input", (event) => {
    const pick = pickOf(event.target);
    if (pick && event.target === textOf(pick)) {
      foundOf(pick).replaceChildren();
      delete pick.dataset.wanted;
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const pick = pickOf(event.target);
    if (!pick || !pick.dataset.wanted) return;
    delete pick.dataset.wanted;
    enter(pick);
  });

  document.addEventListener("click", (event) => {
    const pick = pickOf(event.target);
    if (pick && event.target.matches("input[type=radio]") && event.detail > 0) take(pick, event.target);
  });

  function inPick(event, pick) {
    const act = { ArrowDown: () => choose(pick, 1), ArrowUp: () => choose(pick, -1), Enter: () => enter(pick) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function cellAt(field, down, right) {
    const row = field.closest("tr");
    const rows = [...row.parentElement.rows];
    const column = [...row.querySelectorAll("input")].indexOf(field);
    const to = rows[rows.indexOf(row) + down];
    return to ? to.querySelectorAll("input")[column + right] : null;
  }

  const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };

  function inGrid(event, field) {
    const [down, right] = ARROWS[event.key] || [];
    if (down === undefined) return;
    const sideways = event.key === "ArrowLeft" ? field.selectionStart > 0 : field.selectionEnd < field.value.length;
    const isWhole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    if (right && sideways && !isWhole) return;
    const cell = cellAt(field, down, right);
    if (!cell) return;
    event.preventDefault();
    cell.focus();
    cell.select();
  }

  document.addEventListener("keydown", (event) => {
    if (!isPlain(event) || !(event.target instanceof HTMLInputElement) || !form()) return;
    const pick = pickOf(event.target);
    if (pick) inPick(event, pick);
    else if (event.target.closest("[data-grid]")) inGrid(event, event.target);
  }, true);

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-tick-all], [data-to-more]");
    if (!button) return;
    if (button.matches("[data-tick-all]")) {
      const boxes = [...document.querySelectorAll("#papers input[type=checkbox]")];
      boxes.forEach((box) => { box.checked = true; });
      if (boxes.length) boxes.at(-1).dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      document.getElementById("id_is_referred").focus();
    }
  });
})();
