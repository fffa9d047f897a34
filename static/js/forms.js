// Forms: a form that was sent cannot be sent again by a second click; leaving a form marked data-keep with something
// typed and not saved asks first; the cursor stands where the next thing is to be typed.

"use strict";

(() => {
  const typedIn = new WeakSet();
  const keptForms = () => [...document.querySelectorAll("form[data-keep]")];
  const isUnsaved = (form) => typedIn.has(form) || form.hasAttribute("data-unsaved");
  const submitsOf = (form) => [...form.elements].filter((one) => one.type === "submit");

  function letSendAgain(form) {
    submitsOf(form).forEach((button) => {
      if (button.dataset.sent) {
        button.disabled = false;
        delete button.dataset.sent;
      }
    });
  }

  const letAllSendAgain = () => [...document.forms].forEach(letSendAgain);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    typedIn.delete(form);
    form.removeAttribute("data-unsaved");
    // A disabled button's own name and value would not be sent: disable it after the form is gathered.
    setTimeout(() => submitsOf(form).forEach((button) => {
      if (button.disabled) return;
      button.disabled = true;
      button.dataset.sent = "yes";
    }));
  });

  const noteTyping = (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-keep]")) typedIn.add(form);
  };
  document.addEventListener("input", noteTyping);
  document.addEventListener("change", noteTyping);

  window.addEventListener("beforeunload", (event) => {
    if (!keptForms().some(isUnsaved)) return;
    event.preventDefault();
    event.returnValue = "";
    // Runs only when the answer was to stay: the button that led away is to work again.
    setTimeout(letAllSendAgain, 300);
  });

  // Coming back by the browser's own button shows the page as it was left, with its disabled buttons.
  window.addEventListener("pageshow", letAllSendAgain);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target instanceof Element && event.target.closest("form");
    if (form) letSendAgain(form);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const refusal = document.querySelector("[data-takes-focus]");
    const faulty = document.querySelector("form[data-keep] [aria-invalid=true]");
    const first = document.querySelector("form[data-keep] .field :is(input, select, textarea):not([type=hidden], :disabled)");
    const wanted = refusal || faulty || first;
    const isTaken = document.activeElement && document.activeElement !== document.body;
    if (wanted && !isTaken) wanted.focus();
  });
})();
