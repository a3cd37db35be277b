// The page in motion. What it shows comes whole from the server: a chart, its range and every
// sentence of one position arrive together, so nothing is ever out of step.
import { editor } from "./editor.js";
import { more } from "./more.js";
import { pins } from "./pins.js";

const first = JSON.parse(document.getElementById("first").textContent);
const byId = (id) => document.getElementById(id);
const reader = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
const dials = new Map(first.dials.map((dial) => [dial.key, dial]));
const sliders = [...document.querySelectorAll("#sliders input[type=range]")];

let asked = 0; // how many questions were asked; an answer to any but the last is dropped
let shownFor = 0;
let waiting = false; // one question at a time is on its way; the newest place is asked next
let again = false;
let certify = 0;
let chart = null;
let chartFor = "";
let gesture = -Infinity;

// ---------------------------------------------------------------------------------- position

function isHome(slider) {
  const dial = dials.get(slider.name);
  return Math.abs(Number(slider.value) - dial.value) < dial.step / 2;
}

function query() {
  const found = new URLSearchParams();
  const here = new URLSearchParams(location.search);
  for (const key of ["v", "day", "d"]) if (here.get(key)) found.set(key, here.get(key));
  for (const slider of sliders) if (!isHome(slider)) found.set(slider.name, slider.value);
  if (first.embedded) for (const [k, v] of here) if (dials.has(k)) found.set(k, v);
  return found.toString();
}

function shown(slider) {
  const dial = dials.get(slider.name);
  const digits = Math.max(0, -Math.floor(Math.log10(dial.step) + 1e-9));
  const value = Number(slider.value).toLocaleString("en-US", {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  return `${value} ${dial.unit}`.trim().replace("-", "−");
}

function label(slider) {
  const text = shown(slider);
  byId(`${slider.id}-o`).textContent = text;
  slider.setAttribute("aria-valuetext", text);
  slider.closest(".dial").classList.toggle("moved", !isHome(slider));
}

function sayAddress() {
  const to = address();
  const url = to ? `/?${to}` : "/";
  // One step back undoes one gesture: keys pressed in quick succession are one.
  const now = performance.now();
  if (now - gesture > 1000) history.pushState(null, "", url);
  else history.replaceState(null, "", url);
  gesture = now;
  linkFiles(to);
}

// The address carries what is kept to compare as well.
function address() {
  return [query(), compare.entries()].filter(Boolean).join("&");
}

function linkFiles(to) {
  for (const link of document.querySelectorAll("#files a")) {
    const more = [to, link.dataset.more].filter(Boolean).join("&");
    link.href = more ? `${link.dataset.to}?${more}` : link.dataset.to;
  }
}

function fromAddress() {
  const here = new URLSearchParams(location.search);
  for (const slider of sliders) {
    const dial = dials.get(slider.name);
    slider.value = here.has(slider.name) ? here.get(slider.name) : String(dial.value);
    label(slider);
  }
  linkFiles(address());
}

// ---------------------------------------------------------------------------------- asking

async function ask() {
  asked += 1;
  rest.moved();
  if (waiting) { again = true; return; }
  waiting = true;
  try {
    do {
      again = false;
      const number = asked;
      await one(number);
    } while (again);
  } finally {
    waiting = false;
  }
}

function near(slider) {
  if (waiting || slider.disabled) return;
  const to = query();
  fetch(`/near?${to}${to ? "&" : ""}slider=${slider.name}`).catch(() => {}); // it is only a hint
}

async function one(number) {
  const to = query();
  try {
    const response = await fetch(`/answer?${to}${to ? "&" : ""}c=${reader}&n=${number}`);
    if (response.status === 204) return; // another question of this page has overtaken it
    const view = await response.json();
    if (number >= shownFor) { shownFor = number; await show(view); rest.parts(view.parts, to); }
    if (number === asked) compare.follow();
    clearTimeout(certify);
    if (view.ok && number === asked) rest.rested();
    if (view.ok && number === asked) certify = setTimeout(() => check(number, to), 400);
  } catch {
    refuse({ ok: false, faults: [], cause: "the server does not answer", remedy: "start accord serve again" });
  }
}

async function check(number, to) {
  const response = await fetch(`/check?${to}`);
  const found = await response.json();
  if (number !== asked) return;
  if (found.ok) set("certificate", found.certificate);
  else refuse(found);
}

// ---------------------------------------------------------------------------------- showing

function set(id, text) {
  const node = byId(id);
  if (node && node.textContent !== text) node.textContent = text;
}

function make(name, text, kind) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (kind) node.className = kind;
  return node;
}

function list(id, lines) {
  byId(id)?.replaceChildren(...lines.map((line) => make("li", line)));
}

async function show(view) {
  if (!view.ok) { refuse(view); return; }
  document.body.classList.remove("refused");
  byId("refusal").replaceChildren();
  set("headline", view.headline);
  list("because", view.because);
  list("moved", view.moved);
  byId("big").replaceChildren(...view.big.map(big));
  set("certificate", view.certificate);
  set("draws", view.draws);
  await draw(view.gains);
  picture(view.picture);
  tables(view.blocks);
}

function refuse(view) {
  document.body.classList.add("refused");
  set("headline", "There is no answer here.");
  const box = byId("refusal");
  if (view.faults.length) {
    const lines = make("ul");
    for (const x of view.faults) {
      lines.append(make("li", `${x.where}: found ${x.found}; allowed ${x.allowed}. ${x.fix}.`));
    }
    const head = make("p");
    head.append(make("strong", "These numbers do not go together."));
    box.replaceChildren(head, lines);
  } else {
    const head = make("p");
    head.append(make("strong", "The market has no answer at this place."), ` ${view.cause}.`);
    box.replaceChildren(head, make("p", `What would help: ${view.remedy}.`));
  }
}

function big(x) {
  const box = make("div");
  const value = make("strong", `${x.value} `);
  value.append(make("span", x.unit));
  const body = make("dd");
  body.append(value, make("span", x.span ? `${x.span} · ${x.span_is}` : "no range computed", "range"));
  if (x.was) body.append(make("span", x.was, "was"));
  box.append(make("dt", x.name), body);
  return box;
}

function picture(svg) {
  const place = byId("picture");
  if (!place) return;
  if (!svg) { place.replaceChildren(); return; }
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  place.replaceChildren(document.importNode(parsed, true));
}

function tables(blocks) {
  const place = byId("tables");
  if (!place) return;
  const sections = [...place.children];
  blocks.forEach((block, i) => {
    const section = sections[i];
    if (section && same(section, block)) fill(section, block);
    else if (section) section.replaceWith(table(block, i));
    else place.append(table(block, i));
  });
  sections.slice(blocks.length).forEach((section) => section.remove());
}

function same(section, block) {
  const heads = [...section.querySelectorAll("thead th")];
  return heads.length === block.columns.length
    && heads.every((head, i) => i === 0 || head.textContent === block.columns[i])
    && section.querySelectorAll("tbody tr").length === block.lines.length
    && section.querySelectorAll(".note").length === block.notes.length;
}

function fill(section, block) {
  section.querySelector("h2").textContent = block.heading;
  section.querySelectorAll("tbody tr").forEach((row, i) => {
    row.className = block.lines[i].weight;
    [...row.children].forEach((cell, j) => {
      const text = block.lines[i].cells[j];
      if (cell.textContent !== text) cell.textContent = text;
    });
  });
  section.querySelectorAll(".note").forEach((note, i) => { note.textContent = block.notes[i]; });
}

function table(block, number) {
  const section = make("section");
  const heading = make("h2", block.heading);
  heading.id = `table-${number}`;
  const scroll = make("div", undefined, "scroll");
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-labelledby", heading.id);
  scroll.tabIndex = 0;
  const whole = make("table");
  const head = whole.createTHead().insertRow();
  block.columns.forEach((title, i) => {
    const cell = make("th", title || undefined, block.text[i] && i ? "text" : "");
    if (!title) cell.append(make("span", "which", "unseen"));
    cell.scope = "col";
    head.append(cell);
  });
  const body = whole.createTBody();
  for (const line of block.lines) {
    const row = body.insertRow();
    row.className = line.weight;
    line.cells.forEach((text, i) => {
      const cell = make(i ? "td" : "th", text, block.text[i] && i ? "text" : "");
      if (!i) cell.scope = "row";
      row.append(cell);
    });
  }
  scroll.append(whole);
  section.append(heading, scroll, ...block.notes.map((note) => make("p", note, "note")));
  return section;
}

// ---------------------------------------------------------------------------------- chart

const narrow = matchMedia("(max-width: 46rem)");

async function draw(gains) {
  const kind = `${narrow.matches ? "narrow" : "wide"}-${gains.rows.length}`;
  const place = byId("gains");
  place.setAttribute("aria-label", gains.says);
  set("gains-title", gains.title);
  if (kind !== chartFor) {
    const specs = gains.rows.length === first.rows ? first.charts
      : await (await fetch(`/charts?rows=${gains.rows.length}`)).json();
    const spec = structuredClone(specs[narrow.matches ? "narrow" : "wide"]);
    spec.data.find((data) => data.name === "gains").values = gains.rows;
    chart?.finalize();
    chart = await window.vegaEmbed(place, spec, {
      mode: "vega", ast: true, actions: false, defaultStyle: false, tooltip: false, renderer: "svg",
      loader: { load: () => Promise.reject(new Error("charts load nothing")) },
    });
    chartFor = kind;
  } else {
    await chart.view.data("gains", gains.rows).runAsync();
  }
  const drawn = place.querySelector("svg");
  for (const name of ["role", "aria-roledescription", "aria-label", "class"]) drawn?.removeAttribute(name);
  drawn?.setAttribute("aria-hidden", "true");
  drawn?.setAttribute("focusable", "false");
  place.dataset.drawn = String(shownFor);
  place.dataset.at = String(performance.now());
  place.dataset.values = gains.rows.map((row) => `${row.who} ${row.text} ${row.range}`).join("; ");
}

let last = first.view.ok ? first.view.gains : null;
const drawLast = async () => { if (last) await draw(last); };

// ---------------------------------------------------------------------------------- start

// Keeping a position, or no longer, is a step of its own.
const alone = () => { gesture = -Infinity; sayAddress(); gesture = -Infinity; };
const compare = pins({ query, say: alone, reader, count: () => asked });
const rest = more({ query, reader });

for (const slider of sliders) {
  label(slider);
  slider.addEventListener("input", () => { label(slider); sayAddress(); ask(); });
  // A hand that comes to a slider is about to move it: the places beside it are made ready.
  for (const sign of ["pointerenter", "focus"]) slider.addEventListener(sign, () => near(slider));
}
addEventListener("popstate", () => {
  const here = new URLSearchParams(location.search);
  for (const [key, name] of [["v", first.home.v], ["day", first.home.day], ["d", first.home.d]]) {
    if ((here.get(key) || name) !== name) { location.reload(); return; }
  }
  gesture = -Infinity;
  compare.read();
  fromAddress();
  ask();
  compare.ask();
});
byId("reset")?.addEventListener("click", (event) => {
  event.preventDefault();
  for (const slider of sliders) { slider.value = String(dials.get(slider.name).value); label(slider); }
  gesture = -Infinity;
  sayAddress();
  ask();
});
for (const choice of document.querySelectorAll("#choices select")) {
  choice.addEventListener("change", () => {
    const to = new URLSearchParams(new FormData(byId("choices")));
    // What was assumed goes along; the terms of another variant are others.
    for (const slider of sliders) {
      if (!isHome(slider) && slider.name.startsWith("a.")) to.set(slider.name, slider.value);
    }
    for (const [key, value] of new URLSearchParams(compare.entries())) to.append(key, value);
    location.assign(`/?${to}`);
  });
}
byId("sliders")?.addEventListener("submit", (event) => event.preventDefault());
first.rows = first.view.ok ? first.view.gains.rows.length : 0;
if (byId("editor")) editor();
await drawLast();
narrow.addEventListener("change", () => { chartFor = ""; ask(); });
if (first.view.ok) rest.start();
document.body.dataset.ready = "1";
