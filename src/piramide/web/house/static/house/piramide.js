// What pages do beyond HTML. A page is whole without this file.
"use strict";

// On a narrow screen the menu starts closed; on a wide one, where nothing opens it, it is open.
const menu = document.querySelector(".site-menu-details");
const narrow = window.matchMedia("(max-width: 767px)");
function fitMenu() { if (menu) menu.open = !narrow.matches; }
narrow.addEventListener("change", fitMenu);
fitMenu();

// The explanation opens beside the page; Escape or its button closes it and gives the focus back.
const beside = document.getElementById("beside");
let opener = null;
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === beside) opener = document.activeElement;
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== beside) return;
  beside.hidden = false;
  const heading = beside.querySelector("h2");
  if (heading) { heading.tabIndex = -1; heading.focus(); }
});
function closeBeside() {
  if (!beside || beside.hidden) return;
  beside.hidden = true;
  beside.replaceChildren();
  if (opener) opener.focus();
}
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeBeside(); });
document.addEventListener("click", (event) => { if (event.target.closest("[data-close-beside]")) closeBeside(); });

// Escape also closes what a word of the glossary says, until the pointer or the focus comes back to it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const word of document.querySelectorAll(".word:hover, .word:focus-within")) {
    word.classList.add("word-closed");
    for (const gone of ["mouseleave", "focusout"]) word.addEventListener(gone, () => word.classList.remove("word-closed"), { once: true });
  }
});
