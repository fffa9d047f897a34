// A member's sheet without the mouse: a key votes on the claim in which the cursor stands and goes on to the next one that
// has no vote; what has to be said is asked for in between. The lines of a claim open when something of it is cut.

"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("[data-sitting-row]")];
  const choiceOf = (row) => row.querySelector("select[name^=choice-]");
  const wordsOf = (row) => row.querySelector("input[name^=words-]");
  const cutsOf = (row) => row.querySelector("[data-sitting-cuts]");
  const WORDLESS = ["approve", "abstain"];
  let current = null;

  function stand(field) {
    field.focus();
    if (field.select) field.select();
    field.closest("tbody, .sitting-foot").scrollIntoView({ block: "nearest" });
  }

  function goOn(from) {
    const all = rows();
    const after = all.slice(all.indexOf(from) + 1).concat(all);
    const next = after.find((row) => !choiceOf(row).value);
    stand(next ? choiceOf(next) : document.querySelector("[name=code]"));
  }

  function shown(row) {
    cutsOf(row).open = choiceOf(row).value === "cut";
    row.classList.toggle("is-voted", Boolean(choiceOf(row).value));
  }

  function vote(row, choice) {
    choiceOf(row).value = choice;
    choiceOf(row).dispatchEvent(new Event("change", { bubbles: true }));
    if (WORDLESS.includes(choice)) goOn(row);
    else if (choice === "cut") stand(cutsOf(row).querySelector("input[name^=line-]"));
    else stand(wordsOf(row));
  }

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-sitting-row]");
    if (!row) return;
    rows().forEach((one) => one.classList.toggle("is-current", one === row));
    current = row;
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-sitting-row] select[name^=choice-]")) shown(event.target.closest("[data-sitting-row]"));
  });

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-choose]");
    if (!button) return;
    const row = current || rows().find((one) => !choiceOf(one).value) || rows()[0];
    if (row) vote(row, button.dataset.choose);
  });

  // Enter in the last thing that is said about a claim goes on to the next claim.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const isPlain = event.key === "Enter" && !event.isComposing && event.keyCode !== 229 && !event.altKey && !event.ctrlKey
      && !event.metaKey && !event.shiftKey;
    const row = isPlain && field instanceof Element && field.closest("[data-sitting-row]");
    if (!row) return;
    const line = field.name.startsWith("line-") && !field.value;
    const words = field.name.startsWith("words-") && choiceOf(row).value !== "cut";
    const chosen = field === choiceOf(row) && WORDLESS.includes(field.value);
    if (!line && !words && !chosen) return;
    event.preventDefault();
    goOn(row);
  }, true);

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-sitting-keys]").hidden = false;
    rows().forEach(shown);
    const first = rows().find((row) => !choiceOf(row).value);
    if (first && !document.querySelector("[data-takes-focus]")) choiceOf(first).focus();
  });
})();
