// The deal file in the page: line numbers, faults at their line, and the way back into the answer.
export function editor() {
  const text = document.getElementById("text");
  const lines = document.getElementById("lines");
  const faults = document.getElementById("faults");
  const use = document.getElementById("use");
  let wrong = new Map();

  function number() {
    const count = text.value.split("\n").length;
    const marks = [];
    for (let i = 1; i <= count; i += 1) {
      const mark = document.createElement(wrong.has(i) ? "mark" : "span");
      mark.textContent = `${wrong.has(i) ? "▸" : ""}${i}`;
      if (wrong.has(i)) mark.title = wrong.get(i);
      marks.push(mark, "\n");
    }
    lines.replaceChildren(...marks);
    lines.scrollTop = text.scrollTop;
  }

  function goTo(line) {
    const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf("\n", before);
    text.focus();
    text.setSelectionRange(before, end < 0 ? text.value.length : end);
    const height = parseFloat(getComputedStyle(text).lineHeight) || 20;
    text.scrollTop = Math.max(0, (line - 5) * height);
  }

  function said(fault) {
    const item = document.createElement("li");
    if (fault.line) {
      const go = document.createElement("button");
      go.type = "button";
      go.textContent = `Line ${fault.line}`;
      go.addEventListener("click", () => goTo(fault.line));
      item.append(go, " ");
    }
    const where = fault.where ? `${fault.where}: ` : "";
    item.append(`${where}found ${fault.found}; allowed ${fault.allowed}. ${fault.fix}.`);
    return item;
  }

  function show(found) {
    wrong = new Map(found.filter((x) => x.line).map((x) => [x.line, x.found]));
    const head = document.createElement("p");
    head.textContent = found.length === 1 ? "1 fault:" : `${found.length} faults:`;
    const list = document.createElement("ul");
    list.append(...found.map(said));
    faults.replaceChildren(...(found.length ? [head, list] : []));
    number();
  }

  text.addEventListener("input", () => { use.disabled = false; number(); });
  text.addEventListener("scroll", () => { lines.scrollTop = text.scrollTop; });
  document.getElementById("editor").addEventListener("toggle", number);
  use.addEventListener("click", async () => {
    use.disabled = true;
    const response = await fetch("/deal", { method: "POST", body: text.value });
    const found = await response.json();
    show(found.faults);
    use.disabled = false;
    if (found.ok) {
      const to = new URLSearchParams({ d: found.id });
      location.assign(`/?${to}`);
    }
  });
  number();
}
