// Tables that say `data-sortable` are sorted by their headers: figures by `data-value`, the rest by their text.
"use strict";

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort-button";
    button.textContent = header.textContent;
    header.replaceChildren(button);
    button.addEventListener("click", () => sort(table, headers, column));
  });
}

function sort(table, headers, column) {
  const rising = headers[column].getAttribute("aria-sort") !== "ascending";
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
  const numbers = rows.some(({ key }) => typeof key === "number");
  rows.sort((a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
    const order = numbers ? a.key - b.key : a.key.localeCompare(b.key, document.documentElement.lang);
    return rising ? order : -order;
  });
  for (const header of headers) header.removeAttribute("aria-sort");
  headers[column].setAttribute("aria-sort", rising ? "ascending" : "descending");
  body.append(...rows.map(({ row }) => row));
}

function keyOf(cell) {
  if (!("value" in cell.dataset)) return cell.textContent.trim();
  return cell.dataset.value === "" ? null : Number(cell.dataset.value);
}
