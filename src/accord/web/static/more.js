// The rest of the report, of the position that the sliders stand at. It takes longer than the
// answer above: until it is there, what is shown says that it is of the position before.
const REST = 400; // ms without a newer answer after which the rest follows the sliders
const LATER = ["years", "claims"]; // sections that are asked for by themselves, in their order
const OLD = "of the position before; being worked out";

const byId = (id) => document.getElementById(id);

// `query` says where the page stands, `reader` who asks.
export function more({ query, reader }) {
  const place = byId("more");
  const said = byId("more-said");
  const own = [...document.querySelectorAll("#contents li")];
  const htmls = new Map();
  let number = 0;
  let timer = 0;
  let request = null;
  let whole = null; // the position of which all is there

  function moved() {
    clearTimeout(timer);
    request?.abort();
    request = null;
    mark();
  }

  // A section is marked for as long as it belongs to another position than the page's.
  function mark() {
    if (!place) return;
    const here = query();
    const known = [...place.children].filter((section) => section.dataset.at !== undefined);
    const old = known.filter((section) => turn(section, here));
    place.dataset.state = whole === here ? "here" : "old";
    if (known.length) say(old.length ? `What is marked below is ${OLD}.` : "");
  }

  function turn(section, here) {
    const old = section.dataset.at !== undefined && section.dataset.at !== here;
    section.classList.toggle("old", old);
    const note = section.querySelector(".old-said");
    if (old && !note) section.querySelector("h2").append(noted());
    if (!old) note?.remove();
    return old;
  }

  function noted() {
    const note = document.createElement("span");
    note.className = "old-said";
    note.textContent = ` ${OLD}`;
    return note;
  }

  function say(text) {
    if (said && said.textContent !== text) said.textContent = text;
  }

  // A view has what the deal offers beside the market, as far as that is known at once; the rest
  // of it comes with the whole answer.
  function parts(found, at) {
    const box = byId("parts");
    if (!box || !found) return;
    for (const part of found.filter((x) => x.known)) put(box, part, at);
    for (const section of box.children) turn(section, at);
  }

  function start() {
    for (const section of byId("parts")?.children ?? []) {
      section.dataset.at = section.querySelector(".old-said") ? "?" : query();
    }
    rested();
  }

  function rested() {
    if (!place) return;
    clearTimeout(timer);
    timer = setTimeout(follow, REST);
  }

  async function follow() {
    const at = query();
    if (whole === at) return;
    if (!place.querySelector("[data-at]")) say("The rest of the report is being worked out.");
    request = new AbortController();
    const found = await ask("/more", at);
    if (!found) return;
    sections(found.sections, at);
    parts(found.parts, at);
    for (const path of ["/claims", "/years"]) {
      const later = await ask(path, at);
      if (!later) return;
      sections(later.sections, at, false);
    }
    whole = at;
    mark();
  }

  async function ask(path, at) {
    number += 1;
    const signal = request?.signal;
    try {
      const response = await fetch(`${path}?${at}${at ? "&" : ""}c=${reader}&n=${number}`, { signal });
      if (response.status === 204) return null;
      const found = await response.json();
      if (at !== query()) return null; // the sliders have gone on
      if (found.ok) return found;
      say(`The rest of the report cannot be shown here: ${found.cause || "see above"}.`);
    } catch {
      if (!signal?.aborted) say("The rest of the report did not come: the server does not answer.");
    }
    return null;
  }

  // ---------------------------------------------------------------------------------- showing

  function sections(found, at, most = true) {
    if (most) {
      whole = null;
      const names = new Set([...found.map((x) => x.name), ...LATER]);
      for (const section of [...place.children]) if (!names.has(section.id)) section.remove();
    }
    for (const section of found) put(place, section, at);
    if (most) inOrder(found.map((x) => byId(x.name)));
    // What comes later has its place all the same.
    let next = byId("rests-on");
    for (const section of LATER.map(byId).filter(Boolean).reverse()) {
      if (section.nextElementSibling !== next) place.insertBefore(section, next);
      next = section;
    }
    contents();
    mark();
  }

  function inOrder(wanted) {
    const now = [...place.children].filter((section) => wanted.includes(section));
    if (now.some((section, i) => section !== wanted[i])) place.append(...wanted);
  }

  // Put a section in the place of the one before it, open where that was, focus where it was.
  function put(box, x, at) {
    const before = byId(x.name);
    if (before && htmls.get(x.name) === x.html) { before.dataset.at = at; return; }
    htmls.set(x.name, x.html);
    const parsed = new DOMParser().parseFromString(x.html, "text/html").body.firstElementChild;
    const fresh = document.importNode(parsed, true);
    fresh.dataset.at = at;
    fresh.dataset.short = x.short;
    if (!before || before.parentNode !== box) { box.append(fresh); return; }
    const folded = [before, fresh].map((section) => [...section.querySelectorAll("details")]);
    folded[1].forEach((one, i) => { one.open = folded[0][i]?.open ?? false; });
    const stops = (section) => [...section.querySelectorAll("a, summary, [tabindex]")];
    const focused = stops(before).indexOf(document.activeElement);
    before.replaceWith(fresh);
    if (focused >= 0) stops(fresh)[focused]?.focus({ preventScroll: true });
  }

  function contents() {
    const links = [...place.children].filter((x) => x.dataset.short).map((section) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${section.id}`;
      link.textContent = section.dataset.short;
      item.append(link);
      return item;
    });
    // The deal file is the last on the page.
    byId("contents")?.querySelector("ul").replaceChildren(...own.slice(0, -1), ...links, ...own.slice(-1));
  }

  return { moved, rested, parts, start };
}
