// The grid: moves like a spreadsheet, keeps each cell as it is left, and never loses what was typed.
"use strict";

(() => {
  const form = document.getElementById("grid");
  if (!form) return;
  const words = form.dataset;
  const rows = [...form.querySelectorAll("tr[data-ask]")].filter((row) => row.querySelector(".grid-input"));
  const notice = document.getElementById("grid-notice");
  const drawer = `piramide:${words.person}:`;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;

  const parts = (row) => ({
    value: row.querySelector(".grid-input"),
    status: row.querySelector(".grid-status"),
    note: row.querySelector(".grid-note"),
    seen: row.querySelector("[name^=seen-]"),
    state: row.querySelector("[role=status]"),
  });
  const typed = (row) => {
    const { value, status, note } = parts(row);
    return JSON.stringify([value.value.trim(), status.value, note.value.trim()]);
  };
  // What the page was sent with: a person may have typed before this script ran, and a browser may put back what it knew.
  const sent = (row) => {
    const { value, status, note } = parts(row);
    const chosen = [...status.options].find((option) => option.defaultSelected) || status.options[0];
    return JSON.stringify([value.defaultValue.trim(), chosen.value, note.defaultValue.trim()]);
  };

  // What was typed and not kept yet stays in this browser until it is.
  const draft = {
    keep(row) {
      const { value, status, note, seen } = parts(row);
      row.classList.add("is-draft");
      try {
        localStorage.setItem(drawer + row.dataset.ask, JSON.stringify({ value: value.value, status: status.value, note: note.value, seen: seen.value }));
      } catch { /* no room or not allowed: the page still holds it */ }
    },
    drop(row) {
      row.classList.remove("is-draft");
      try { localStorage.removeItem(drawer + row.dataset.ask); } catch { /* nothing to drop */ }
    },
    read(row) {
      try { return JSON.parse(localStorage.getItem(drawer + row.dataset.ask)); } catch { return null; }
    },
  };

  function say(row, text, kind) {
    const { state, value } = parts(row);
    const line = document.createElement("span");
    line.className = kind;
    line.textContent = text;
    state.replaceChildren(line);
    if (kind === "field-error") value.setAttribute("aria-invalid", "true");
    else value.removeAttribute("aria-invalid");
  }

  function warn(text, withLogin) {
    notice.querySelector("[data-text]").textContent = text;
    notice.querySelector("[data-login]").hidden = !withLogin;
    notice.hidden = false;
  }

  async function save(row) {
    if (row.saving) { row.again = true; return; }
    const before = typed(row);
    if (before === row.keptAs) {
      draft.drop(row);
      if (parts(row).value.hasAttribute("aria-invalid")) say(row, "", "state-kept");
      return;
    }
    draft.keep(row);
    row.saving = true;
    say(row, words.saving, "state-busy");
    const { value, status, note, seen } = parts(row);
    const key = row.dataset.ask;
    const body = new URLSearchParams({ [`value-${key}`]: value.value, [`status-${key}`]: status.value, [`note-${key}`]: note.value, [`seen-${key}`]: seen.value });
    try {
      const answer = await fetch(row.dataset.address, { method: "POST", body, headers: { "X-CSRFToken": token, "Accept": "application/json" }, redirect: "error" });
      const isJson = (answer.headers.get("content-type") || "").includes("json");
      const said = isJson ? await answer.json() : {};
      if (answer.ok) kept(row, said, before);
      else if (answer.status === 409) conflict(row, said);
      else if (answer.status === 422) say(row, said.message, "field-error");
      else { say(row, words.kept, "state-odd"); warn(words.expired, true); }
    } catch {
      say(row, words.kept, "state-odd");
      warn(words.offline, false);
      setTimeout(() => save(row), 15000);
    }
    row.saving = false;
    if (row.again) { row.again = false; save(row); }
  }

  function kept(row, said, before) {
    const { value, status, seen } = parts(row);
    seen.value = said.seen;
    notice.hidden = true;
    if (typed(row) === before) {
      if (document.activeElement !== value) value.value = said.value;
      if (said.status) status.value = said.status;
      row.keptAs = typed(row);
      draft.drop(row);
    }
    say(row, said.remark ? `${said.message}. ${said.remark}` : said.message, said.remark ? "state-odd" : "state-kept");
  }

  // Somebody else wrote meanwhile: both values are shown, and the person chooses.
  function conflict(row, said) {
    const { value, status, note, seen, state } = parts(row);
    say(row, said.message, "field-error");
    const choose = (text, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "grid-choice";
      button.textContent = text;
      button.addEventListener("click", act);
      state.append(button);
    };
    choose(words.mine, () => { seen.value = said.seen; row.keptAs = null; save(row); });
    choose(`${words.theirs}: ${said.theirs}`, () => {
      seen.value = said.seen; value.value = said.theirs; status.value = said.status; note.value = said.note;
      row.keptAs = typed(row); draft.drop(row); say(row, "", "state-kept"); value.focus();
    });
  }

  function move(row, by) {
    const next = rows[rows.indexOf(row) + by];
    if (!next) return;
    const input = parts(next).value;
    input.focus();
    input.select();
  }

  function paste(event, row) {
    const text = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const start = rows.indexOf(row);
    text.split("\n").forEach((line, offset) => {
      const target = rows[start + offset];
      if (!target) return;
      const [value, note] = line.split("\t");
      parts(target).value.value = value.trim();
      if (note !== undefined) parts(target).note.value = note.trim();
      save(target);
    });
  }

  for (const row of rows) {
    const { value, status, note, seen } = parts(row);
    row.keptAs = value.getAttribute("aria-invalid") ? null : sent(row);
    seen.value = seen.defaultValue;
    const left = draft.read(row);
    if (left && JSON.stringify([left.value.trim(), left.status, left.note.trim()]) !== typed(row)) {
      value.value = left.value; status.value = left.status; note.value = left.note; seen.value = left.seen;
      say(row, words.restored, "state-odd");
      save(row);
    } else if (typed(row) === sent(row)) draft.drop(row);
    else if ([value, note].includes(document.activeElement)) draft.keep(row);
    else save(row);
    for (const box of [value, note]) {
      box.addEventListener("input", () => draft.keep(row));
      box.addEventListener("blur", () => save(row));
    }
    status.addEventListener("change", () => save(row));
    value.addEventListener("paste", (event) => paste(event, row));
    value.addEventListener("keydown", (event) => {
      const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      move(row, by);
    });
  }
  window.addEventListener("online", () => rows.forEach((row) => save(row)));
})();
