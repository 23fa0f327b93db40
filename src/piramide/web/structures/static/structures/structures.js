// Switches of the breadcrumb: one open at a time, closed by Escape or a click elsewhere. Without this file they stay open.
"use strict";

const switches = [...document.querySelectorAll("details.switch")];
document.addEventListener("click", (event) => {
  for (const one of switches) if (!one.contains(event.target)) one.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of switches) if (one.open) { one.open = false; one.querySelector("summary").focus(); }
});
