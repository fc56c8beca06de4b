"use strict";
// The chat page. Without this script the page still works as a plain form.
(() => {
  const $ = (id) => document.getElementById(id);
  const log = $("log"), box = $("box"), form = $("compose"), words = $("words").dataset;
  const limit = Number(words.limit), lang = document.documentElement.lang;
  const embedded = document.body.classList.contains("embed");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const PAUSE = 200, TIMEOUT = 30000, REOPEN = 20000, COUNT_FROM = 100, UNSENT = "unsent", DRAFT = "draft";
  let csrf = document.querySelector("meta[name=csrf]").content;
  let last = Math.max(0, ...[...log.querySelectorAll("[data-id]")].map((m) => Number(m.dataset.id)));
  let queue = [], busy = false, stream = null, revealing = false, atEnd = true;
  const waiting = [], seen = new Set();

  // ---- what is kept in this tab until it has been sent
  const keep = (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* storage is blocked: not kept */ } };
  const kept = (name) => { try { return sessionStorage.getItem(name) || ""; } catch { return ""; } };
  const keepQueue = () => keep(UNSENT, JSON.stringify(queue.filter((m) => !m.silent).map(({ id, text, label, action }) => ({ id, text, label, action }))));
  const keptQueue = () => { try { return JSON.parse(kept(UNSENT) || "[]"); } catch { return []; } };

  const uuid = () => {
    const b = crypto.getRandomValues(new Uint8Array(16)); // crypto.randomUUID is missing on plain http
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  // ---- the log
  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  };
  const status = (text, bad) => { $("status").textContent = text; $("status").classList.toggle("bad", !!bad); };
  const typing = (on) => {
    $("typing").hidden = !on;
    if (on) status(words.typing); else if ($("status").textContent === words.typing) status("");
  };
  const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 160;
  const follow = () => { // to the end, but never past the beginning of the answer
    const mine = [...log.querySelectorAll(".you")].pop();
    const end = log.scrollHeight - log.clientHeight;
    log.scrollTop = mine ? Math.min(end, mine.offsetTop - log.offsetTop - 12) : 0;
    atEnd = end - log.scrollTop < 4;
    $("newer").hidden = true;
  };
  const append = (article, own) => {
    const here = own || nearEnd() || busy;
    article.classList.add("new");
    log.append(article);
    if (here) follow(); else $("newer").hidden = false;
  };
  const bubble = (text) => {
    const article = make("article", "msg you"), inner = make("div", "bubble");
    inner.append(make("p", "", text));
    article.append(make("p", "sr", `${words.you}:`), inner);
    return article;
  };
  const retireButtons = () => log.querySelectorAll(".choices, .feedback").forEach((group) => group.remove());

  const receive = (messages) => {
    for (const message of messages) {
      last = Math.max(last, message.id);
      if (seen.has(message.id) || log.querySelector(`[data-id="${Number(message.id)}"]`)) continue;
      seen.add(message.id);
      waiting.push(message);
    }
    if (!revealing) reveal();
  };
  const reveal = () => {
    const message = waiting.shift();
    revealing = !!message;
    if (!message) return typing(busy);
    const template = document.createElement("template");
    template.innerHTML = message.html; // escaped and built by the server's renderer alone
    const article = template.content.querySelector("article");
    if (article.querySelector("button")) retireButtons(); // one set of choices at a time
    append(article);
    typing(waiting.length > 0);
    if (waiting.length && !calm.matches) setTimeout(reveal, PAUSE); else reveal();
  };

  // ---- sending: one at a time, in order, again until it has arrived
  const send = (message) => {
    message.id = uuid();
    queue.push(message);
    keepQueue();
    draw(message);
    pump();
  };
  const draw = (message) => {
    if (message.silent) return;
    message.article = bubble(message.label || message.text);
    append(message.article, true);
  };
  const pump = async () => {
    if (busy) return;
    busy = true;
    typing(true);
    while (queue.length && await deliver(queue[0])) { queue.shift(); keepQueue(); }
    busy = false;
    if (!revealing) typing(false);
  };
  const deliver = async (message) => {
    trouble(message, "");
    const answer = await post(message);
    if (answer.ok) {
      receive(answer.data.messages);
      if (!answer.data.messages.length) status(words.kept);
      else if ($("status").classList.contains("bad")) status("");
      return true;
    }
    if (answer.again) { trouble(message, answer.message, true); status(answer.message, true); return false; }
    trouble(message, answer.message);
    status(answer.message, true);
    if (message.text && !box.value) { box.value = message.text; grow(); }
    return true;
  };
  const trouble = (message, text, again) => {
    const article = message.article;
    if (!article) return;
    article.querySelector(".trouble")?.remove();
    article.classList.toggle("unsent", !!text);
    if (!text) return;
    const line = make("div", "trouble", again ? `${words.unsent} ` : text);
    if (again) {
      const button = make("button", "", words.retry);
      button.type = "button";
      button.addEventListener("click", () => { pump(); box.focus(); });
      line.append(button);
    }
    article.append(line);
  };
  const post = async (message, renewed) => {
    try {
      const response = await fetch("/api/messages", {
        method: "POST", signal: AbortSignal.timeout(TIMEOUT),
        headers: { "Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": csrf },
        body: JSON.stringify({ id: message.id, text: message.text || "", action: message.action || null, after: last }),
      });
      const data = await response.json();
      if (response.status === 401 && !renewed) { await renew(); return post(message, true); }
      return { ok: response.ok, data, message: data.message, again: response.status === 429 || response.status === 408 || response.status >= 500 };
    } catch {
      return { ok: false, again: true, message: words.offline };
    }
  };
  const renew = async () => {
    const response = await fetch(embedded ? "/api/history?embed=1" : "/api/history");
    csrf = (await response.json()).csrf;
    listen();
  };

  // ---- listening
  const listen = () => {
    stream?.close();
    stream = new EventSource(`/api/stream?after=${last}`);
    stream.addEventListener("message", (event) => receive([JSON.parse(event.data)]));
    stream.addEventListener("error", () => {
      if (stream?.readyState === EventSource.CLOSED) setTimeout(() => { if (!document.hidden) listen(); }, REOPEN);
    });
  };
  const pause = () => { stream?.close(); stream = null; };

  // ---- the box
  const number = new Intl.NumberFormat(lang);
  const grow = () => {
    const length = [...box.value].length, count = $("count");
    if (!CSS.supports("field-sizing", "content")) { box.style.height = "auto"; box.style.height = `${box.scrollHeight}px`; }
    count.textContent = length >= COUNT_FROM ? words.count.replace("{count}", number.format(length)).replace("{limit}", number.format(limit)) : "";
    count.classList.toggle("over", length > limit);
    box.setAttribute("aria-invalid", String(length > limit));
    keep(DRAFT, box.value);
  };
  const submit = () => {
    const text = box.value.trim();
    if (!text) return box.focus();
    if ([...text].length > limit) { status(words.long, true); return box.focus(); }
    retireButtons();
    box.value = "";
    grow();
    status("");
    send({ text });
    box.focus();
  };
  const press = (button) => {
    const byKeyboard = button.matches(":focus-visible");
    const message = { action: button.value, label: button.textContent.trim() };
    retireButtons();
    send(message);
    if (byKeyboard) box.focus(); else log.focus({ preventScroll: true });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.name === "action") press(event.submitter); else submit();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return; // a Vietnamese keyboard may be composing
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", grow);
  $("newer").addEventListener("click", () => { follow(); box.focus(); });
  log.addEventListener("scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 4;
    if (nearEnd()) $("newer").hidden = true;
  }, { passive: true });
  new ResizeObserver(() => { if (atEnd) log.scrollTop = log.scrollHeight; }).observe(log); // keyboard up, box grown
  addEventListener("online", () => { status(words.online); listen(); pump(); });
  addEventListener("offline", () => status(words.offline, true));
  addEventListener("pagehide", pause);
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) pause(); else if (!stream) listen(); });
  document.addEventListener("keydown", (event) => {
    if (embedded && event.key === "Escape") parent.postMessage("bhyt-chat:close", "*");
  });

  // ---- begin
  box.value = kept(DRAFT);
  grow();
  listen();
  const unsent = keptQueue();
  if (unsent.length) { queue = unsent; unsent.forEach(draw); pump(); }
  else if (!log.querySelector(".msg")) {
    const code = document.body.dataset.start;
    if (lang === "en") send({ action: "lang:en", silent: true });
    send({ action: code ? `start:${code}` : "start", silent: true });
  }
  follow();
  if (embedded || matchMedia("(pointer: fine)").matches) box.focus();
})();
