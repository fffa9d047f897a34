// What a search found is gone through with the arrow keys; where only one is found, Enter opens it at once.

"use strict";

(() => {
  const entries = () => [...document.querySelectorAll("#found .found-entry")];

  function move(event, from, step) {
    const all = entries();
    const to = from < 0 ? (step > 0 ? 0 : -1) : from + step;
    if (to < 0 && from === 0) document.getElementById("find").focus();
    else if (all[to]) all[to].focus();
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const at = entries().indexOf(document.activeElement);
    if (at >= 0 || document.activeElement === document.getElementById("find")) move(event, at, step);
  });

  function takeFocus() {
    const all = entries();
    if (all.length === 1) all[0].focus();
    return all.length === 1;
  }

  document.addEventListener("htmx:afterSettle", takeFocus);
  document.addEventListener("DOMContentLoaded", () => {
    const find = document.getElementById("find");
    if (!takeFocus() && !find.autofocus) find.focus();
  });
})();
