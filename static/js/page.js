// What every page needs: a mark that scripts run, answers in words when a part of the page cannot be fetched,
// and a search field that waits until the input method has finished a word.

"use strict";

document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const notice = document.getElementById("notice");

  // A long section may reach below the screen: the entry of this page is in sight.
  document.querySelector(".side-entry[aria-current]")?.scrollIntoView({ block: "nearest" });

  function say(words) {
    if (!notice) return;
    notice.querySelector("[data-words]").textContent = words;
    notice.hidden = false;
  }

  // An error page carries its sentences in marked elements; another answer is named by the sentence of the frame.
  function wordsOf(answer) {
    const page = new DOMParser().parseFromString(answer, "text/html");
    const sentences = [...page.querySelectorAll("[data-error-words]")].map((one) => one.textContent.trim());
    const [heading, ...rest] = sentences.filter(Boolean);
    return heading ? `${heading} — ${rest.join(" ")}` : notice.dataset.failed;
  }

  document.addEventListener("htmx:responseError", (event) => say(wordsOf(event.detail.xhr.responseText)));
  document.addEventListener("htmx:sendError", () => say(notice.dataset.unreachable));
  document.addEventListener("htmx:timeout", () => say(notice.dataset.unreachable));
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (notice && event.detail.successful) notice.hidden = true;
  });

  // The spoken state of a job is exchanged every second; the same words again would be read aloud again.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.textContent.trim() === fragment.textContent.trim()) event.preventDefault();
  });

  const isSearch = (field) => field instanceof HTMLInputElement && field.type === "search";

  // Half a word in pinyin is nothing to search for.
  document.addEventListener("input", (event) => {
    if (event.isComposing && isSearch(event.target)) event.stopPropagation();
  }, true);
  document.addEventListener("compositionend", (event) => {
    if (isSearch(event.target)) event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
