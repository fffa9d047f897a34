// Trying a case: the sheet and the faults come while one types. A field looks as its fault says, and the cursor stands
// in the stay or line that was just added.

"use strict";

(() => {
  function mark(slot) {
    const field = document.getElementById(slot.id.replace(/_error$/, ""));
    if (!field) return;
    const isFaulty = slot.textContent.trim() !== "";
    field.classList.toggle("is-invalid", isFaulty);
    if (isFaulty) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    document.querySelectorAll("#try .field-error").forEach(mark);
    const wanted = event.target instanceof Element && event.target.querySelector("[data-stands-here]");
    if (wanted) wanted.focus();
  });
})();
