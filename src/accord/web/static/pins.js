// Positions kept to compare. The address carries them; the server sets them side by side, and what
// comes late for another position than the page's is dropped, so columns are never mixed.
const MOST = 5;
const LONGEST = 15000; // characters of an address; the server takes a little more
const LETTERS = "abcde";
const SLOW = 500; // ms after which it is said that the columns are being worked out
const REST = 120; // ms without a newer answer after which the columns follow the sliders

const byId = (id) => document.getElementById(id);

// The same position has the same words, in whatever order its numbers were moved.
function words(query) {
  const entries = [...new URLSearchParams(query)].filter(([, value]) => value !== "");
  const place = (key) => ["v", "day", "d"].indexOf(key);
  entries.sort(([a], [b]) => {
    const [x, y] = [place(a), place(b)];
    if (x >= 0 || y >= 0) return (x < 0 ? 9 : x) - (y < 0 ? 9 : y);
    return a < b ? -1 : a > b ? 1 : 0;
  });
  return new URLSearchParams(entries).toString();
}

// `query` says where the page stands, `say` writes the address as a step of its own, `reader` who
// asks, `count` how many questions the page has asked.
export function pins({ query, say, reader, count }) {
  const section = byId("compare");
  const place = byId("compared");
  let kept = [];
  let base = "";
  let number = "";
  let asking = false;
  let again = false;
  let later = 0;

  function entries() {
    const found = new URLSearchParams();
    if (!kept.length) return "";
    for (const position of kept) found.append("k", position);
    if (base && base !== "a") found.set("b", base);
    if (number) found.set("m", number);
    return found.toString();
  }

  function read() {
    const here = new URLSearchParams(location.search);
    kept = here.getAll("k").map(words);
    base = here.get("b") || "";
    number = here.get("m") || "";
    buttons();
  }

  function address() {
    return [words(query()), entries()].filter(Boolean).join("&");
  }

  function buttons() {
    if (!section) return;
    byId("keep").querySelector("button").disabled = kept.length >= MOST;
    const forget = byId("forget");
    if (forget) forget.hidden = !kept.length;
    else if (kept.length) addForget();
    byId("compare-title").classList.toggle("unseen", !kept.length);
  }

  function addForget() {
    const form = document.createElement("form");
    form.id = "forget";
    const button = document.createElement("button");
    button.textContent = "Remove all";
    form.append(button);
    section.querySelector(".keeping").append(form);
  }

  function tell(text) { byId("kept-said").textContent = text; }

  // ------------------------------------------------------------------------------ asking

  // The page shows another position: ask for the columns when it has come to rest.
  function follow() {
    if (!section || !kept.length) return;
    place.classList.add("older");
    clearTimeout(later);
    later = setTimeout(ask, REST);
  }

  async function ask() {
    clearTimeout(later);
    if (!section) return;
    if (!kept.length) { show(""); return; }
    place.classList.add("older");
    place.setAttribute("aria-busy", "true");
    if (asking) { again = true; return; }
    asking = true;
    const slow = setTimeout(() => { byId("compare-busy").hidden = Boolean(byId("compare-later")); }, SLOW);
    try {
      do {
        again = false;
        await one(address());
      } while (again);
    } finally {
      clearTimeout(slow);
      byId("compare-busy").hidden = true;
      asking = false;
    }
  }

  async function one(to) {
    let found = null;
    try {
      const response = await fetch(`/compare?${to}&c=${reader}&n=${count()}`);
      // Overtaken by a newer place of this page, which will ask again when it is answered.
      if (response.status === 204) return;
      found = await response.json();
    } catch {
      found = { ok: false, faults: [], cause: "the server does not answer", remedy: "start accord serve again" };
    }
    // The page has moved on, and asks again when its newer place is answered.
    if (to !== address()) return;
    if (found.ok) show(found.html);
    else refuse(found);
  }

  function show(html) {
    const focused = place.contains(document.activeElement) ? document.activeElement : null;
    const spot = focused && (focused.id ? `#${focused.id}` : focused.dataset.drop ? `[data-drop="${focused.dataset.drop}"]` : "");
    const scrolled = [...place.querySelectorAll(".scroll")].map((x) => [x.id, x.scrollLeft]);
    if (html) place.innerHTML = html;
    else note(section.dataset.nothing);
    place.classList.remove("older");
    place.removeAttribute("aria-busy");
    for (const [id, left] of scrolled) if (byId(id)) byId(id).scrollLeft = left;
    if (focused) (place.querySelector(spot || "a, input") || byId("keep").querySelector("button")).focus({ preventScroll: true });
    place.dataset.at = String(performance.now());
    place.dataset.shown = html ? address() : "";
  }

  function refuse(found) {
    const said = [...found.faults.map((x) => `${x.where}: found ${x.found}; allowed ${x.allowed}. ${x.fix}.`), found.cause, found.remedy];
    note(`These positions cannot be compared. ${said.filter(Boolean).join(" ")}`);
    place.classList.remove("older");
    place.removeAttribute("aria-busy");
  }

  function note(text) {
    const line = document.createElement("p");
    line.className = "note";
    line.textContent = text;
    place.replaceChildren(line);
  }

  // ------------------------------------------------------------------------------ keeping

  function change(next, said) {
    const was = { kept, base, number };
    ({ kept, base, number } = { ...was, ...next });
    if (`/?${address()}`.length > LONGEST) {
      ({ kept, base, number } = was);
      tell("The address would be too long to share: remove a position first.");
      return;
    }
    say();
    tell(said);
    buttons();
    ask();
  }

  function keep() {
    const here = words(query());
    const at = kept.indexOf(here);
    if (at >= 0) tell(`This position is kept already, as ${LETTERS[at].toUpperCase()}.`);
    else change({ kept: [...kept, here] }, `Kept as ${LETTERS[kept.length].toUpperCase()}. Move something: both stand side by side below.`);
  }

  function keepVariants() {
    const names = [...document.querySelectorAll("#v option")].map((x) => x.value).slice(0, MOST);
    const here = new URLSearchParams(words(query()));
    const found = names.map((name) => {
      const to = new URLSearchParams({ v: name });
      for (const [key, value] of here) if (key === "day" || key === "d" || key.startsWith("a.")) to.set(key, value);
      return words(to);
    });
    change({ kept: found, base: "" }, `${found.length} variants are kept, their terms as filed; a step back undoes it.`);
  }

  function drop(letter) {
    const at = LETTERS.indexOf(letter);
    const next = kept.filter((_, i) => i !== at);
    let from = LETTERS.indexOf(base);
    if (from >= 0) from = from === at ? 0 : from - (from > at ? 1 : 0);
    change({ kept: next, base: from >= 0 ? LETTERS[from] : base }, `${letter.toUpperCase()} is removed; a step back brings it back.`);
  }

  if (section) {
    section.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.target.id === "keep") keep();
      if (event.target.id === "keep-variants") keepVariants();
      if (event.target.id === "forget") {
        byId("keep").querySelector("button").disabled = false;
        byId("keep").querySelector("button").focus();
        change({ kept: [], base: "", number: "" }, "Nothing is kept; a step back brings it back.");
      }
    });
    section.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      if (link.dataset.drop) { event.preventDefault(); drop(link.dataset.drop); }
    });
    section.addEventListener("change", (event) => {
      if (event.target.name === "b") change({ base: event.target.value }, "");
      if (event.target.name === "m") change({ number: event.target.value }, "");
    });
    read();
    if (byId("compare-later")) ask();
    else place.dataset.shown = kept.length ? address() : "";
  }

  return { entries, follow, read, ask };
}
