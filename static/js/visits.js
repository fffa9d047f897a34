// A register of visits on the number pad: Enter goes from cell to cell and from row to row; + ends a row, and so does Enter
// in an empty amount once the row has one. In an empty cell marked data-repeats Enter takes what stands in the row above,
// in one marked data-counts-on the number after it. The sums run along beside the paper's; the last row makes the next.

"use strict";

(() => {
  const MOST = 200;
  const form = () => document.querySelector("form[data-visits]");
  const rows = () => [...document.querySelectorAll("[data-visit]")];
  const rowOf = (element) => (element instanceof Element ? element.closest("[data-visit]") : null);
  const isPlain = (event) => !(event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey
    || event.metaKey || event.shiftKey);
  const amountsIn = (row) => [...row.querySelectorAll("input[data-amount]")];
  const inputIn = (row, name) => row.querySelector(`input[data-cell="${name}"]`);

  function above(field) {
    const row = rowOf(field).previousElementSibling;
    return row && row.matches("[data-visit]") ? inputIn(row, field.dataset.cell) : null;
  }

  function following(number) {
    const [, head, digits] = /^(.*?)(\d*)$/.exec(number);
    return digits ? head + String(BigInt(digits) + 1n).padStart(digits.length, "0") : number;
  }

  function repeat(field) {
    const from = "repeats" in field.dataset || "countsOn" in field.dataset ? above(field) : null;
    if (!from || !from.value.trim()) return;
    field.value = "countsOn" in field.dataset ? following(from.value.trim()) : from.value;
    const taken = from.closest("[data-pick]") && from.closest("[data-pick]").querySelector("[data-found] input[type=hidden]");
    if (taken) {
      const value = taken.cloneNode();
      value.name = value.name.replace(/^r\d+/, `r${rowOf(field).dataset.visit}`);
      field.closest("[data-pick]").querySelector("[data-found]").replaceChildren(value);
    }
  }

  // The same row with nothing in it, under the next number.
  function another() {
    const last = rows().at(-1);
    if (!last || rows().length >= MOST) return null;
    const number = Number(last.dataset.visit) + 1;
    const row = last.cloneNode(true);
    const renamed = (text) => text.replace(/r\d+-/, `r${number}-`).replace(/row=\d+/, `row=${number}`);
    row.dataset.visit = String(number);
    row.querySelector("[data-number]").textContent = String(number + 1);
    row.querySelectorAll("[data-found], .field-error").forEach((one) => one.replaceChildren());
    row.querySelectorAll("[id], [for], [name], [hx-post], [aria-describedby]").forEach((one) => {
      for (const name of ["id", "for", "name", "hx-post", "hx-params", "aria-describedby"]) {
        if (one.hasAttribute(name)) one.setAttribute(name, renamed(one.getAttribute(name)));
      }
    });
    row.querySelectorAll("input").forEach((field) => {
      field.value = "";
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
    });
    row.querySelectorAll("label[data-label]").forEach((one) => { one.textContent = `${number + 1} ${one.dataset.label}`; });
    last.after(row);
    form().elements.rows.value = String(number + 1);
    window.htmx.process(row);
    return row;
  }

  function stand(field) {
    if (!field) return;
    field.focus();
    field.select();
  }

  function empty(row) {
    row.querySelectorAll("input[data-cell]").forEach((field) => { field.value = ""; });
    row.querySelectorAll("[data-found]").forEach((one) => one.replaceChildren());
    sum();
    stand(row.querySelector("input[data-cell]"));
  }

  function amountOf(field) {
    const figures = field.value.normalize("NFKC").replace(/[\s,¥]/g, "").replace(/。/g, ".");
    return /^\d+(\.\d{0,2})?$/.test(figures) ? Math.round(Number(figures) * 100) : 0;
  }

  const costOf = (row) => amountsIn(row).reduce((all, field) => all + amountOf(field), 0);

  const yuan = (fen) => (fen / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  function sum() {
    if (!form()) return;
    const told = document.querySelector("[data-sums]");
    const amounts = rows().map(costOf);
    const total = amounts.reduce((all, one) => all + one, 0);
    const paper = amountOf(form().elements.paper);
    told.querySelector("[data-sum=visits]").textContent = String(amounts.filter(Boolean).length);
    told.querySelector("[data-sum=total]").textContent = yuan(total);
    told.querySelector("[data-sum=differs]").textContent = paper ? yuan(total - paper) : "—";
    told.classList.toggle("differs", paper !== 0 && paper !== total);
  }

  function endsRow(event, field, row) {
    if (!("amount" in field.dataset)) return false;
    if (event.key === "+") return true;
    return event.key === "Enter" && (field === amountsIn(row).at(-1) || (!field.value.trim() && costOf(row) > 0));
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!isPlain(event) || !(field instanceof HTMLInputElement) || !field.dataset.cell || !form()) return;
    const row = rowOf(field);
    if (event.key === "Enter" && !field.value.trim()) repeat(field);
    if (endsRow(event, field, row)) {
      const next = row === rows().at(-1) ? another() : row.nextElementSibling;
      event.preventDefault();
      if (next) stand(next.querySelector("input[data-cell]"));
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !hasChoices(field)) {
      const to = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
      if (!to || !to.matches("[data-visit]")) return;
      event.preventDefault();
      stand(inputIn(to, field.dataset.cell));
    }
  }, true);

  function hasChoices(field) {
    const pick = field.closest("[data-pick]");
    return Boolean(pick && pick.querySelector("[data-found] input[type=radio]"));
  }

  document.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (row) form().dataset.at = row.dataset.visit;
  });

  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form === form()) sum();
  });

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-another], [data-empty-row]");
    if (!button) return;
    if (button.matches("[data-another]")) {
      const row = another();
      if (!row) return;
      event.preventDefault();
      stand(row.querySelector("input[data-cell]"));
    } else {
      const row = rows().find((one) => one.dataset.visit === form().dataset.at);
      if (row) empty(row);
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    sum();
    const at = document.activeElement;
    if (rowOf(at)) at.select();
  });
})();
