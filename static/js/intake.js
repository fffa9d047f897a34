// Taking a claim in without the mouse (what is typed into a search field: picks.js). In the grid of costs Enter goes down
// its column, the arrow keys go from cell to cell.

"use strict";

(() => {
  const form = () => document.querySelector("form[data-intake]");
  const isPlain = (event) => !(event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey
    || event.metaKey || event.shiftKey);

  document.addEventListener("pick:taken", (event) => {
    const { note } = event.detail;
    if (note && event.target.closest("[data-lines]")) {
      const words = document.createElement("span");
      words.className = "quiet";
      words.textContent = note;
      event.target.querySelector("[data-found]").append(words);
    }
    window.htmx.trigger(form(), "intake");
  });

  document.addEventListener("pick:empty", (event) => {
    if (!event.target.closest("[data-lines]")) return;
    event.preventDefault();
    leaveLines(event.target);
  });

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
    if (event.target.closest("[data-pick]")) return;
    if (event.target.closest("[data-lines]")) inLine(event, event.target);
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
