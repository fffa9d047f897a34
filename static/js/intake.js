// Taking a claim in without the mouse (what is typed into a search field: picks.js). In the grid of costs Enter goes down
// its column, the arrow keys go from cell to cell.

"use strict";

(() => {
  const form = () => document.querySelector("form[data-intake]");
  const isPlain = (event) => !(event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey
    || event.metaKey || event.shiftKey);

  document.addEventListener("pick:taken", () => window.htmx.trigger(form(), "intake"));

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
    if (event.target.closest("[data-grid]")) inGrid(event, event.target);
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
