// The demo county's sign-in page: a row's button fills in its name and password.

"use strict";

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-fill-user]");
  if (!button) return;
  const form = document.getElementById("sign-in");
  form.elements.namedItem("username").value = button.dataset.fillUser;
  form.elements.namedItem("password").value = button.dataset.fillPassword;
  form.querySelector("[type=submit]").focus();
});
