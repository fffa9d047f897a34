// A document with faults: the lines are numbered beside it, those with faults are marked, and a fault's line is selected
// in the text when it is asked for. Without this the list above the text names the lines in words.

"use strict";

(() => {
  const text = document.querySelector("textarea.plan-text");
  const links = [...document.querySelectorAll("a[data-line]")];
  if (!text || !links.length) return;
  const faulty = new Set(links.map((link) => Number(link.dataset.line)));

  const desk = document.createElement("div");
  const numbers = document.createElement("div");
  const list = document.createElement("ol");
  desk.className = "plan-desk";
  numbers.className = "plan-lines";
  numbers.setAttribute("aria-hidden", "true");
  numbers.append(list);
  text.before(desk);
  desk.append(numbers, text);

  function number() {
    const count = text.value.split("\n").length;
    while (list.children.length > count) list.lastChild.remove();
    while (list.children.length < count) {
      const line = document.createElement("li");
      line.textContent = String(list.children.length + 1);
      if (faulty.has(list.children.length + 1)) line.className = "plan-line-faulty";
      list.append(line);
    }
  }

  function follow() {
    list.style.transform = `translateY(${-text.scrollTop}px)`;
  }

  function select(line) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] || "").length);
    const height = text.scrollHeight / Math.max(lines.length, 1);
    text.scrollTop = Math.max(0, (line - 4) * height);
    text.scrollLeft = 0;
  }

  links.forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      select(Number(link.dataset.line));
    }),
  );
  text.addEventListener("scroll", follow);
  text.addEventListener("input", number);
  number();
})();
