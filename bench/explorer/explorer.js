// The script of the explorer page, after that of its form. The numbers and words
// are the model's, from the function ask; here they are placed.

function element(name, text, attributes = {}) {
  const e = document.createElement(name);
  e.textContent = text;
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}

function drawn(name, attributes, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  e.append(...children);
  return e;
}

// The pens of the servers, as in the report: hue and shape are the engine's.
const pens = new Map();

function choosePens(servers) {
  const engines = [...new Set(servers.map((s) => s.name.split("/")[0]))];
  for (const { name, ticker } of servers) {
    const n = engines.indexOf(name.split("/")[0]);
    pens.set(name, { style: `hue${n % 5}${ticker === "per-conn" ? " hollow" : ""}`, shape: n % 3 });
  }
}

function mark(shape, x, y) {
  switch (shape) {
    case 0: return drawn("circle", { class: "mark", cx: x, cy: y, r: 4 });
    case 1: return drawn("rect", { class: "mark", x: x - 3.75, y: y - 3.75, width: 7.5, height: 7.5 });
    default: return drawn("path", { class: "mark", d: `M${x},${y - 5}l5,8.5h-10z` });
  }
}

// A swatch is a piece of a server's line.
function swatch(server) {
  const pen = pens.get(server);
  return drawn("svg", { viewBox: "0 0 38 16", width: 38, height: 16, class: pen.style, "aria-hidden": "true" },
    drawn("path", { class: "line", d: "M0,8H38" }), mark(pen.shape, 19, 8));
}

// The room of a chart, and in it that of its lines. To the right is that of a
// label.
const wide = 380, high = 250, letter = 6.6;

function chart(c) {
  const longest = Math.max(...c.lines.map((l) => l.server.length));
  const plot = { left: 40, right: wide - Math.min(wide / 2, 10 + letter * longest), top: 22, bottom: 208 };
  const x = (share) => plot.left + share * (plot.right - plot.left);
  const y = (share) => plot.bottom - share * (plot.bottom - plot.top);
  const svg = drawn("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": `${c.title}: ${c.of}, by ${c.by}, a line for each server` });
  const text = (words, x, y, anchor) => svg.append(drawn("text", { x, y, "text-anchor": anchor }, words));
  text(c.of, 0, 10, "start");
  text(c.by, plot.right, high - 8, "end");
  for (const tick of c.up) {
    svg.append(drawn("path", { class: "grid", d: `M${plot.left},${y(tick.at)}H${plot.right}` }));
    text(tick.text, plot.left - 6, y(tick.at) + 4, "end");
  }
  for (const tick of c.along) text(tick.text, x(tick.at), plot.bottom + 16, "middle");
  if (c.here !== undefined) svg.append(drawn("path", { class: "here", d: `M${x(c.here)},${plot.top}V${plot.bottom}` }));

  const labels = [], taken = [];
  for (const line of c.lines) {
    const pen = pens.get(line.server);
    const points = line.points.map((p) => [x(p[0]), y(p[1])]);
    const at = [x(line.mark[0]), y(line.mark[1])];
    svg.append(drawn("g", { class: pen.style },
      drawn("path", { class: "line", d: "M" + points.map((p) => p.map((v) => v.toFixed(1)).join()).join("L") }),
      mark(pen.shape, ...at)));
    taken.push(at, at, at, ...points); // a mark counts for more
    const [endX, endY] = points[points.length - 1];
    labels.push({ pen, text: line.server, end: [endX, endY], x: endX + 6, y: endY + 4 });
  }
  place(labels, taken, plot);
  for (const l of labels) {
    svg.append(drawn("g", { class: l.pen.style },
      drawn("path", { class: "lead", d: `M${l.end}L${l.x - 2},${l.y - 4}` }),
      drawn("text", { class: "label", x: l.x, y: l.y }, l.text)));
  }
  const figure = element("figure", "");
  figure.append(element("figcaption", c.title), svg);
  return figure;
}

// Labels go up or down to where they cover the least: no other label, if that
// can be, and few of the points. They stay above the axis.
function place(labels, points, plot) {
  const tall = 13, placed = [];
  const free = (l, y) => {
    const width = letter * l.text.length;
    const labelled = placed.filter((o) => Math.abs(o.y - y) < tall && l.x < o.x + letter * o.text.length && o.x < l.x + width);
    const covered = points.filter(([px, py]) => px > l.x - 3 && px < l.x + width && py < y + 5 && py > y - tall);
    return -100 * labelled.length - covered.length;
  };
  for (const l of labels.sort((a, b) => a.y - b.y)) {
    const from = l.y;
    for (const step of [1, -1, 2, -2, 3, -3]) {
      const y = from + step * tall;
      if (y <= plot.bottom && free(l, y) > free(l, l.y)) l.y = y;
    }
    placed.push(l);
  }
}

// The roles are those that the elements have; as cards they would lose them.
function table(columns, rows) {
  const head = element("tr", "", { role: "row" });
  head.append(...columns.map((c) => element("th", c, { scope: "col", role: "columnheader" })));
  document.querySelector("thead").replaceChildren(head);
  document.querySelector("tbody").replaceChildren(...rows.map((cells) => {
    const row = element("tr", "", { role: "row" });
    row.append(...cells.map((cell, i) => i === 0
      ? element("th", cell, { scope: "row", role: "rowheader" })
      : element("td", cell, { role: "cell", "data-column": columns[i], class: cell === "-" ? "none" : "" })));
    row.firstChild.prepend(swatch(cells[0]));
    return row;
  }));
}

// The lines of a chart are lines by its styles, and filled shapes without.
function drawings(charts) {
  if (document.styleSheets.length > 0) return charts.map(chart);
  return [element("p", "There are no charts, as styles are blocked: have the Content-Security-Policy of the server that this page comes from allow style-src 'unsafe-inline', or save the page and open the file.")];
}

function show(answer) {
  $("verdict").textContent = answer.error || answer.unmet || answer.recommendation;
  $("verdict").className = answer.recommendation ? "right" : "wrong";
  $("result").hidden = Boolean(answer.error);
  if (answer.error) return;
  $("heading").textContent = answer.heading;
  table(answer.columns, answer.rows);
  $("charts").replaceChildren(...drawings(answer.charts || []));
  $("assumptions").replaceChildren(...answer.assumptions.map((a) => element("li", a)));
  $("command").textContent = answer.command;
}

function update() {
  sliders.forEach(follow);
  const wrong = markWrong();
  if (wrong.length > 0) return show({ error: wrong.join(" ") });
  try {
    show(JSON.parse(ask(JSON.stringify(target()))));
  } catch (err) {
    show({ error: `The model has stopped (${err.message}): reload the page, or use clockbench plan in a terminal.` });
  }
}

async function start() {
  $("verdict").textContent = "Loading the model.";
  globalThis.source = $("source").textContent;
  choosePens(JSON.parse(source).data.servers);
  const zipped = Uint8Array.from(atob($("module").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  const go = new Go();
  const { instance } = await WebAssembly.instantiate(await new Response(stream).arrayBuffer(), go.importObject);
  go.run(instance); // sets ask, and ends with the page

  listen(update);
  recall();
  update();
}

// What is blocked, and what to do about it.
function blocked(err) {
  if (!globalThis.WebAssembly) {
    return "WebAssembly is switched off in this browser, as a lockdown mode does: switch it on for this page";
  }
  if (err instanceof WebAssembly.CompileError) {
    return "WebAssembly is blocked: have the Content-Security-Policy of the server that this page comes from allow script-src 'unsafe-inline' 'wasm-unsafe-eval', or save the page and open the file";
  }
  return `The model does not run in this browser (${err.message}): use a newer one`;
}

start().catch((err) => show({ error: `${blocked(err)}, or use clockbench plan in a terminal.` }));
