// What the pages do beyond plain HTML: renew themselves, copy suggestions, a few keys. All of it works without, too.

const body = document.body;
const said = document.getElementById("live");

// On a phone the navigation is wider than the screen.
document.querySelector(".pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

function editing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

async function renew(quiet = false) {
  const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" });
  if (answer.status === 401 || answer.redirected) return location.reload();
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  let changed = false;
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || same(part, fresh)) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    part.replaceWith(fresh);
    if (focused) fresh.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
    changed = true;
  }
  if (changed && !quiet) {
    said.textContent = "";
    said.textContent = body.dataset.updated;
  }
}

// Each page has another form token; that alone is no change.
function same(old, fresh) {
  const plain = (part) => part.innerHTML.replace(/name="csrf" value="[^"]*"/g, "");
  return plain(old) === plain(fresh);
}

if ("live" in body.dataset) {
  const source = new EventSource("/console/live");
  let waiting = 0;
  source.onmessage = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => renew().catch(() => {}), 150);
  };
  let lost = false;
  source.onerror = () => {
    lost = true;
    said.textContent = body.dataset.offline;
  };
  source.onopen = () => {
    if (lost) renew().catch(() => {});
    lost = false;
  };
  addEventListener("pagehide", () => source.close());
}

// A part that counts renews the page as often as it says, until it says so no more.
function again() {
  const part = document.querySelector("[data-every]");
  if (!part) return;
  const look = () => (document.hidden ? Promise.resolve() : renew(true));
  setTimeout(() => look().catch(() => {}).finally(again), 1000 * part.dataset.every);
}
again();

// How many people a query means, while it is typed.
const query = document.getElementById("segment");
if (query) {
  let waiting = 0;
  const count = async () => {
    const fields = new URLSearchParams({ segment: query.value, exclude: document.getElementById("exclude")?.value ?? "" });
    const answer = await fetch(`/console/campaigns/count?${fields}`, { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("count").replaceWith(page.getElementById("count"));
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => count().catch(() => {}), 400);
  };
  for (const box of document.querySelectorAll("#segment, #exclude")) box.addEventListener("input", soon);
  for (const button of document.querySelectorAll("[data-put]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      query.value = button.dataset.put;
      query.focus();
      soon();
    });
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-use]");
  const box = document.getElementById("reply");
  if (!link || !box) return;
  event.preventDefault();
  const text = link.parentElement.querySelector(".words").textContent;
  box.value = box.value.trim() ? `${box.value.trimEnd()}\n\n${text}` : text;
  box.focus();
  box.scrollIntoView({ block: "center" });
});

document.addEventListener("submit", (event) => {
  // Once is enough; the server would know a second time, too.
  const button = event.submitter;
  if (button && event.target.method === "post") setTimeout(() => (button.disabled = true));
});
addEventListener("pageshow", () => document.querySelectorAll("button:disabled").forEach((one) => (one.disabled = false)));

// A form with a file is sent without leaving the page, so that the file need not be chosen again.
const keeping = document.querySelector("form[data-keeps]");
keeping?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const result = () => document.getElementById(keeping.dataset.keeps);
  const fields = new FormData(keeping, event.submitter);
  result().textContent = said.textContent = keeping.dataset.busy;
  const target = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : keeping.action;
  try {
    const answer = await fetch(target, { method: "POST", body: fields, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(keeping.dataset.keeps);
    fresh?.querySelector("[data-again]")?.remove();
    if (fresh) result().replaceWith(fresh);
    else document.getElementById("main").replaceWith(page.getElementById("main"));
  } catch {
    result().textContent = said.textContent = keeping.dataset.failed;
  }
  document.querySelectorAll("button:disabled").forEach((one) => (one.disabled = false));
  result()?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || editing(event.target)) return;
  const rows = [...document.querySelectorAll("[data-row]")];
  const step = { j: 1, k: -1 }[event.key];
  if (step && rows.length) {
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + step))].focus();
    event.preventDefault();
  }
  if (event.key === "r" && document.getElementById("reply")) {
    document.getElementById("reply").focus();
    event.preventDefault();
  }
});

const printing = document.querySelector("[data-print]");
if (printing) {
  printing.hidden = false;
  printing.addEventListener("click", () => print());
}
