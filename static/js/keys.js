// The keyboard: an element with data-key="F2", "Alt+S" or "Alt+PageDown" is pressed or focused by that key; F1 lists the
// keys of the page; in a form marked data-enter-moves Enter goes to the next field. Bare letters are never taken,
// and nothing is done while an input method puts a word together.

"use strict";

(() => {
  const FIELDS = "input, select, textarea";
  const isField = (element) => element.matches(FIELDS);
  const isButton = (element) => element.matches("button, [type=submit], [type=button], [type=reset]");
  const isComposing = (event) => event.isComposing || event.keyCode === 229;
  const isUsable = (element) => element.getClientRects().length > 0 && !element.disabled
    && getComputedStyle(element).visibility !== "hidden";

  // By the place of the key and not by what it types, so that no layout or input method matters.
  function nameOf(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return "";
    const key = event.code.replace(/^(Key|Digit)/, "");
    if (event.altKey) return `Alt+${key}`;
    return /^F\d{1,2}$/.test(key) ? key : "";
  }

  function bearersOf(key) {
    const all = [...document.querySelectorAll("[data-key]")];
    return all.filter((element) => element.dataset.key.toUpperCase() === key.toUpperCase() && isUsable(element));
  }

  function act(element) {
    if (isField(element) && !isButton(element)) {
      element.focus();
      if (element.select) element.select();
    } else {
      element.click();
    }
  }

  function labelOf(element) {
    if (element.dataset.keyLabel) return element.dataset.keyLabel;
    const label = element.labels && element.labels[0];
    const shown = (label || element).cloneNode(true);
    shown.querySelectorAll("kbd, svg, .field-required").forEach((extra) => extra.remove());
    return shown.textContent.trim() || element.getAttribute("aria-label") || element.title;
  }

  function showKeys(dialog) {
    const list = dialog.querySelector("[data-keys]");
    const own = [...list.querySelectorAll("[data-own-key]")];
    const seen = new Set(["F1"]);
    const found = [];
    for (const element of document.querySelectorAll("[data-key]")) {
      const key = element.dataset.key;
      if (!key || seen.has(key.toUpperCase()) || !isUsable(element)) continue;
      seen.add(key.toUpperCase());
      found.push(entry(key, labelOf(element)));
    }
    list.replaceChildren(...found.flat(), ...own);
    dialog.showModal();
  }

  function entry(key, label) {
    const term = document.createElement("dt");
    const name = document.createElement("kbd");
    const meaning = document.createElement("dd");
    name.textContent = key;
    meaning.textContent = label;
    term.append(name);
    return [term, meaning];
  }

  function nextField(field) {
    const stops = [...field.form.elements].filter((one) => isUsable(one) && !one.readOnly && one.tabIndex >= 0
      && (isField(one) && !isButton(one)));
    const choices = (one) => one.type === "radio" && one.name === field.name;
    const after = stops.slice(stops.indexOf(field) + 1).find((one) => !choices(one));
    return after || [...field.form.elements].find((one) => one.type === "submit" && isUsable(one));
  }

  function moveOn(event) {
    const field = event.target;
    const moves = field instanceof HTMLElement && isField(field) && !isButton(field) && field.tagName !== "TEXTAREA"
      && field.form && field.form.matches("[data-enter-moves]");
    if (!moves) return;
    event.preventDefault();
    const next = nextField(field);
    if (!next) return;
    next.focus();
    if (next.select && next.type !== "submit") next.select();
  }

  document.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.defaultPrevented) return;
    const isPlainEnter = event.key === "Enter" && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (isPlainEnter) {
      moveOn(event);
      return;
    }
    const key = nameOf(event);
    if (!key) return;
    const dialog = document.getElementById("keys");
    if (key === "F1" && dialog) {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else showKeys(dialog);
      return;
    }
    if (dialog && dialog.open) return;
    const [first] = bearersOf(key);
    if (!first) return;
    event.preventDefault();
    if (!event.repeat) act(first);
  });

  document.addEventListener("click", (event) => {
    const asks = event.target instanceof Element && event.target.closest("[data-opens-keys]");
    const dialog = document.getElementById("keys");
    if (asks && dialog) showKeys(dialog);
  });
})();
