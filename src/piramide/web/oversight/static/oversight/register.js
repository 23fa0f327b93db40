// Copies a whole hash. Without this file the hash is read in the details of its row.
"use strict";

const said = document.getElementById("copied");
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = said.dataset.said;
    });
  }
}
