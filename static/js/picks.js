// Fields marked data-pick: what is typed shows what it may mean, the arrow keys choose, Enter takes it and goes on. The
// form hears `pick:taken` from the field when something was taken.

"use strict";

(() => {
  const pickOf = (element) => (element instanceof Element ? element.closest("[data-pick]") : null);
  const foundOf = (pick) => pick.querySelector("[data-found]");
  const radiosOf = (pick) => [...pick.querySelectorAll("[data-found] input[type=radio]")];
  const textOf = (pick) => pick.querySelector("input[type=text]");
  const isPlain = (event) => !(event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey
    || event.metaKey || event.shiftKey);

  function goOn(from) {
    const stops = [...from.form.elements].filter((one) => one.matches("input:not([type=hidden], [type=radio], [type=file]), select")
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
    pick.dispatchEvent(new CustomEvent("pick:taken", { bubbles: true, detail: { note: radio.dataset.note } }));
  }

  function choose(pick, step) {
    const radios = radiosOf(pick);
    if (!radios.length) return;
    const at = radios.findIndex((one) => one.checked);
    const to = Math.min(Math.max(at + step, 0), radios.length - 1);
    radios[to].checked = true;
  }

  // The page may lead elsewhere from an empty field (`pick:empty`).
  function leave(pick) {
    const stays = new CustomEvent("pick:empty", { bubbles: true, cancelable: true });
    if (pick.dispatchEvent(stays)) goOn(textOf(pick));
  }

  // Enter before the answer is there takes it when it comes, if only one thing is meant.
  function enter(pick) {
    const radios = radiosOf(pick);
    const chosen = radios.find((one) => one.checked) || (radios.length === 1 ? radios[0] : null);
    if (chosen) take(pick, chosen);
    else if (!textOf(pick).value.trim()) leave(pick);
    else if (pick.querySelector("input[type=hidden]")) goOn(textOf(pick));
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

  // An answer is too late when something was taken meanwhile, or when what it answers to was typed on: it would offer
  // somebody who is not meant, and Enter would take him.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const pick = pickOf(event.detail.target);
    if (!pick) return;
    const text = textOf(pick);
    const asked = event.detail.requestConfig.parameters[text.name];
    const isOld = asked !== undefined && asked !== text.value;
    if (isOld || foundOf(pick).querySelector("input[type=hidden]")) event.detail.shouldSwap = false;
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

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || !isPlain(event) || !(event.target instanceof HTMLInputElement)) return;
    const pick = pickOf(event.target);
    if (!pick) return;
    const act = { ArrowDown: () => choose(pick, 1), ArrowUp: () => choose(pick, -1), Enter: () => enter(pick) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }, true);
})();
