// A button beside each short hash that copies it whole. The page is whole without this file.
"use strict";

const words = document.querySelector(".oversight");
if (words && navigator.clipboard) {
  for (const place of words.querySelectorAll(".hash")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "hash-copy no-print";
    button.textContent = words.dataset.copy;
    button.setAttribute("aria-label", `${words.dataset.copy} ${place.dataset.hash.slice(0, 12)}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place.dataset.hash);
      button.textContent = words.dataset.copied;
      setTimeout(() => { button.textContent = words.dataset.copy; }, 2000);
    });
    place.append(" ", button);
  }
}
