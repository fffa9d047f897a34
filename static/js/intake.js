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
    if (text.closest("[data-lines]") && radio.dataset.note) {
      const note = document.createElement("span");
      note.className = "quiet";
      note.textContent = radio.dataset.note;
      foundOf(pick).append(note);
    }
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
    else if (pick.closest("[data-lines]") && !textOf(pick).value.trim()) leaveLines(pick);
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

  // An answer that comes after something was taken is too late.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const pick = pickOf(event.detail.target);
    if (pick && foundOf(pick).querySelector("input[type=hidden]")) event.detail.shouldSwap = false;
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

  // Lines of the catalogue: Enter after the price opens the next line, in an empty line it leaves them.
  function leaveLines(pick) {
    const all = [...form().elements].filter((one) => one.matches("input:not([type=hidden]), select, button"));
    const card = pick.closest("[data-line-card]");
    const after = all.find((one) => card.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING
      && one.getClientRects().length > 0);
    if (after) after.focus();
  }

  function nextLine(field) {
    const row = field.closest("tr");
    const body = row.parentElement;
    if (!row.nextElementSibling) addLine(body);
    const text = row.nextElementSibling.querySelector("input[type=text]");
    text.focus();
    text.select();
  }

  function addLine(body) {
    const count = form().querySelector("[data-lines-count]");
    const pattern = form().querySelector("template[data-line-row]");
    const row = document.createElement("template");
    row.innerHTML = pattern.innerHTML.replaceAll("__row__", count.value);
    body.append(row.content);
    count.value = String(Number(count.value) + 1);
    window.htmx.process(body.lastElementChild);
  }

  // Whole fen, without floating numbers: quantity has two places, price four.
  function scaled(typed, places) {
    const parts = /^(\d+)(?:\.(\d*))?$/.exec(typed.normalize("NFKC").replace(/[\s,]/g, "").replace(/。/g, "."));
    if (!parts || (parts[2] || "").length > places) return null;
    return BigInt(parts[1] + (parts[2] || "").padEnd(places, "0"));
  }

  function showAmount(row) {
    const [, quantity, price] = row.querySelectorAll("input[type=text]");
    const [many, each] = [scaled(quantity.value, 2), scaled(price.value, 4)];
    const cell = row.querySelector("[data-line-amount]");
    if (many === null || each === null) {
      cell.textContent = "";
      return;
    }
    const fen = String((many * each + 5000n) / 10000n).padStart(3, "0");
    cell.textContent = `${fen.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${fen.slice(-2)}`;
  }

  document.addEventListener("input", (event) => {
    const row = event.target instanceof Element && event.target.closest("[data-lines] > tr");
    if (row) showAmount(row);
  });

  function inLine(event, field) {
    if (event.key !== "Enter") return;
    const fields = [...field.closest("tr").querySelectorAll("input[type=text]")];
    if (fields.indexOf(field) < fields.length - 1) return;
    event.preventDefault();
    nextLine(field);
  }

  document.addEventListener("keydown", (event) => {
    if (!isPlain(event) || !(event.target instanceof HTMLInputElement) || !form()) return;
    const pick = pickOf(event.target);
    if (pick) inPick(event, pick);
    else if (event.target.closest("[data-lines]")) inLine(event, event.target);
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
