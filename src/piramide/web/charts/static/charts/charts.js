// A chart becomes one that answers the pointer, when somebody asks for it: the same specification, drawn here.
// Expressions are interpreted, never compiled: the site's policy refuses `eval`. Without this file charts are pictures.
"use strict";

for (const button of document.querySelectorAll("button[data-chart]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => handle(button), { once: true });
}

async function handle(button) {
  button.disabled = true;
  for (const address of button.dataset.scripts.split(" ")) await loaded(address);
  const specification = JSON.parse(document.getElementById(button.dataset.chart).textContent);
  const picture = button.closest("figure").querySelector(".chart-picture");
  const { number, time } = specification.config.locale;
  const place = document.createElement("div");
  specification.width = Math.max(260, picture.clientWidth - 16);
  const compiled = vegaLite.compile(specification).spec;
  const view = new vega.View(vega.parse(compiled, null, { ast: true }), {
    expr: vegaInterpreter, renderer: "canvas", hover: true, container: place, locale: vega.locale(number, time),
  });
  picture.replaceChildren(place);
  await view.runAsync();
  button.parentElement.hidden = true;
}

function loaded(address) {
  const known = document.querySelector(`script[src="${CSS.escape(address)}"][data-loaded]`);
  if (known) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => { script.dataset.loaded = "yes"; resolve(); });
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}
