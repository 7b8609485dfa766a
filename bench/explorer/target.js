// The form of the explorer page: the target that it holds, what is wrong with it,
// and the address that keeps it.
"use strict";

const $ = (id) => document.getElementById(id);
const form = $("target");
const sliders = [...form.querySelectorAll("[type=range]")];
const inputs = [...form.elements].filter((e) => e.name); // sliders have none: they repeat an input

// The target that the form shows, as package plan has it: times in nanoseconds,
// memory in bytes.
function target() {
  const number = (id) => $(id).valueAsNumber;
  return {
    clients: number("clients"),
    interval: Math.round(number("interval") * 1e9),
    slo: [{ percentile: Number($("percentile").value), limit: Math.round(number("slo") * 1e6) }],
    headroom: number("headroom") / 100,
    extrapolate: $("extrapolate").checked,
    box: {
      cores: number("cores"),
      memory: number("memory") * 2 ** 30,
      files: number("files"),
      tcp_memory: number("tcp") * 2 ** 30,
      proxies: number("proxies"),
      packets: number("packets"),
    },
  };
}

// markWrong marks the inputs whose value is not allowed, says beside each what
// is, and returns all that is wrong. What the browser finds wrong is by the
// attributes of the input; text of the address that an input cannot show is its
// custom error.
function markWrong() {
  const all = [];
  for (const input of inputs) {
    let words = "";
    if (!input.validity.valid) {
      words = `give ${input.dataset.allowed}${input.validity.customError ? `, and not ${input.validationMessage}` : ""}.`;
      all.push(`${input.dataset.name}: ${words}`);
      const details = input.closest("details");
      if (details) details.open = true;
    }
    $(`${input.id}-wrong`).textContent = words;
    input.setAttribute("aria-invalid", words !== "");
  }
  return all;
}

// Sliders have steps that are round numbers; a number between them is shown by
// the nearest.
const steps = (slider) => slider.dataset.steps.split(" ").map(Number);

function follow(slider) {
  const input = $(slider.dataset.of);
  const distance = (step) => Math.abs(Math.log(step / input.valueAsNumber));
  const all = steps(slider);
  if (input.valueAsNumber > 0) {
    slider.value = all.reduce((best, step, i) => (distance(step) < distance(all[best]) ? i : best), 0);
  }
  slider.setAttribute("aria-valuetext", input.value ? `${input.value} ${$(`${input.id}-unit`).textContent}` : "none");
}

// The target is also in the address, so that it can be kept and sent, and changed
// by hand.
function remember() {
  try {
    history.replaceState(null, "", "#" + new URLSearchParams(new FormData(form)));
  } catch {
    // A page without an address of its own, as in a frame, keeps nothing.
  }
  $("ignored").textContent = "";
}

function recall() {
  form.reset();
  for (const input of inputs) input.setCustomValidity("");
  const seen = new Set(), ignored = [];
  for (const [name, text] of new URLSearchParams(location.hash.slice(1))) {
    const input = inputs.find((e) => e.name === name);
    if (input && !seen.has(name)) take(input, text);
    else ignored.push(quoted(text ? `${name}=${text}` : name));
    seen.add(name);
  }
  const more = ignored.splice(3).length;
  if (more > 0) ignored.push(`${more} more`);
  $("ignored").textContent = ignored.length > 0 ? `Ignored in the address, as unknown or given before: ${ignored.join(", ")}.` : "";
}

// take takes over what the address has for an input.
function take(input, text) {
  let taken;
  if (input.type === "checkbox") {
    input.checked = text === "on";
    taken = text === "on" || text === "off";
  } else {
    input.value = text;
    taken = text !== "" && input.value === text;
  }
  if (!taken) input.setCustomValidity(quoted(text));
}

// quoted shows text from outside, which may be of any length.
function quoted(text) {
  const letters = [...text];
  return `“${letters.length > 24 ? letters.slice(0, 24).join("") + "…" : text}”`;
}

// listen calls update when the target changes.
function listen(update) {
  for (const slider of sliders) {
    slider.max = steps(slider).length - 1;
    slider.addEventListener("input", () => {
      const input = $(slider.dataset.of);
      input.value = steps(slider)[slider.value];
      input.setCustomValidity("");
    });
  }
  form.addEventListener("input", (e) => {
    e.target.setCustomValidity("");
    update();
  });
  form.addEventListener("change", remember);
  form.addEventListener("submit", (e) => e.preventDefault());
  addEventListener("hashchange", () => { recall(); update(); });
}

