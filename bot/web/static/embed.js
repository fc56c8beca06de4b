"use strict";
// <script src="https://host/embed.js" async data-lang="vi" data-start="code"></script>: a button that opens the chat.
(() => {
  const tag = document.currentScript;
  if (!tag || document.querySelector("bhyt-chat")) return;
  const host = new URL(tag.src).origin;
  const vi = tag.dataset.lang !== "en";
  const words = vi
    ? { open: "Hỏi đáp BHYT học sinh, sinh viên", close: "Đóng cửa sổ hỏi đáp", short: "Hỏi đáp BHYT" }
    : { open: "Student health insurance chat", close: "Close the chat", short: "Insurance chat" };
  const style = `
    :host { all: initial; }
    button { font: 600 16px/1.3 system-ui, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; cursor: pointer; border: 0; color: #fff; background: #0e6f7a; }
    button:focus-visible, iframe:focus-visible { outline: 3px solid #f59e0b; outline-offset: 2px; }
    .open { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; display: flex; align-items: center; gap: 10px; min-height: 52px; padding: 0 20px 0 16px; border-radius: 26px; box-shadow: 0 4px 16px #0b4f7155; }
    .panel { position: fixed; right: 16px; bottom: 80px; z-index: 2147483001; width: 400px; height: min(640px, calc(100vh - 96px)); border-radius: 16px; overflow: hidden; background: #eef4f7; box-shadow: 0 10px 40px #0b4f7155; }
    .panel[hidden] { display: none; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .close { position: absolute; top: 8px; right: 8px; width: 44px; height: 44px; border-radius: 50%; font-size: 22px; background: #0006; }
    @media (max-width: 480px) { .panel { inset: 0; width: auto; height: 100%; border-radius: 0; } }
    @media print { .open, .panel { display: none; } }`;
  const make = (name, label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = name;
    button.setAttribute("aria-label", label);
    return button;
  };

  const root = document.createElement("bhyt-chat");
  const shadow = root.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // a style element would be stopped by a strict policy of the school's page
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];

  const open = make("open", words.open);
  open.textContent = `💬 ${words.short}`;
  open.setAttribute("aria-haspopup", "dialog");
  open.setAttribute("aria-expanded", "false");
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.open);
  const close = make("close", words.close);
  close.textContent = "×";
  let frame = null;

  const load = () => {
    const query = new URLSearchParams({ embed: "1", lang: vi ? "vi" : "en" });
    if (tag.dataset.start) query.set("start", tag.dataset.start);
    frame = document.createElement("iframe");
    frame.title = words.open;
    frame.src = `${host}/?${query}`;
    panel.append(frame);
  };
  const show = (on) => {
    if (on && !frame) load();
    panel.hidden = !on;
    open.setAttribute("aria-expanded", String(on));
    if (on) frame.focus(); else open.focus();
  };
  open.addEventListener("click", () => show(panel.hidden));
  close.addEventListener("click", () => show(false));
  shadow.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) show(false); });
  addEventListener("message", (event) => {
    const ours = event.origin === host && frame && event.source === frame.contentWindow;
    if (ours && event.data === "bhyt-chat:close" && !panel.hidden) show(false);
  });
  panel.append(close);
  shadow.append(open, panel);
  (document.body || document.documentElement).append(root);
})();
