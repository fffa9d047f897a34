// Amounts: a field marked data-amount shows 12,345.60 when it is left and 12345.6 while it is edited. Digits and points
// of a Chinese input method are accepted, nothing is rounded, and the server is sent the plain figures.

"use strict";

(() => {
  const AMOUNT = /^(-?)(\d+)(?:\.(\d*))?$/;

  // What somebody typed as plain figures, or as it stands where it is no amount: the server says so in words.
  function plain(typed) {
    const figures = typed.normalize("NFKC").replace(/[\s,¥]/g, "").replace(/。/g, ".");
    return AMOUNT.test(figures) ? figures : typed;
  }

  function shown(typed) {
    const parts = AMOUNT.exec(plain(typed));
    if (!parts || (parts[3] || "").length > 2) return typed;
    const [, sign, whole, fen = ""] = parts;
    return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fen.padEnd(2, "0")}`;
  }

  function edited(typed) {
    const figures = plain(typed);
    return figures.includes(".") ? figures.replace(/\.?0*$/, "") : figures;
  }

  const isAmount = (field) => field instanceof HTMLInputElement && field.type === "text" && "amount" in field.dataset;

  function showAll(within) {
    within.querySelectorAll("input[data-amount]").forEach((field) => {
      if (isAmount(field) && field !== document.activeElement) field.value = shown(field.value);
    });
  }

  document.addEventListener("focusin", (event) => {
    if (!isAmount(event.target) || event.target.readOnly) return;
    event.target.value = edited(event.target.value);
    event.target.select();
  });

  document.addEventListener("focusout", (event) => {
    if (isAmount(event.target)) event.target.value = shown(event.target.value);
  });

  document.addEventListener("formdata", (event) => {
    const amounts = [...event.target.elements].filter((field) => isAmount(field) && field.name && !field.disabled);
    for (const name of new Set(amounts.map((field) => field.name))) {
      const values = event.formData.getAll(name).map(plain);
      event.formData.delete(name);
      values.forEach((value) => event.formData.append(name, value));
    }
  });

  document.addEventListener("DOMContentLoaded", () => showAll(document));
  document.addEventListener("htmx:load", (event) => showAll(event.target));
})();
