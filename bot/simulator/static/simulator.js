// The phones of the test persons. What is on a screen comes from the server as data and is never read as markup.
const words = document.getElementById("words").dataset;
const word = (...parts) => words[parts.map((part, place) => (place ? part[0].toUpperCase() + part.slice(1) : part)).join("")];
const STYLES = {bold: "strong", italic: "em", underline: "u", strike: "s", code: "code", quote: "span"};
const TYPING_MS = 6000;
const TOAST_MS = 4000;
const FEW = 12; // more people than this are chosen from a list

function make(tag, options = {}, ...children) {
  const node = Object.assign(document.createElement(tag), options);
  node.append(...children.filter((child) => child !== null));
  return node;
}

function outside(href, text, title = "") {
  return make("a", {href, textContent: text, title, target: "_blank", rel: "noopener noreferrer"});
}

function run({text, styles, link}) {
  let node = link ? outside(link, text) : document.createTextNode(text);
  for (const style of styles) node = make(STYLES[style], {className: style}, node);
  return node;
}

class Phone {
  constructor(name, people) {
    this.name = name;
    this.people = people;
    this.root = document.getElementById("phone").content.cloneNode(true).firstElementChild;
    this.root.dataset.phone = name;
    this.find = (selector) => this.root.querySelector(selector);
    this.log = this.find(".log");
    this.state = this.find(".state");
    this.box = this.find("textarea");
    this.label();
    this.listen();
    document.getElementById("phones").append(this.root);
  }

  label() {
    const title = word(this.name);
    this.find("h2").textContent = title;
    this.root.setAttribute("aria-label", title);
    this.log.setAttribute("aria-label", `${words.log} ${title}`);
    this.box.id = `box-${this.name}`;
    this.find("label").htmlFor = this.box.id;
    this.find("label").textContent = `${words.box} ${title}`;
    this.find(".start").textContent = word(this.name, "start");
  }

  listen() {
    this.find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.say();
    });
    this.find(".start").addEventListener("click", () => this.act("start"));
    this.find(".block").addEventListener("click", () => this.act(this.blocked ? "unblock" : "block"));
    for (const button of this.root.querySelectorAll(".attach")) {
      button.addEventListener("click", () => this.act("attach", {what: button.dataset.what}));
    }
    const events = new EventSource(`/api/${this.name}/events`);
    events.addEventListener("open", () => this.load());
    events.addEventListener("error", () => this.tell("offline"));
    events.addEventListener("message", (event) => this.happened(JSON.parse(event.data)));
  }

  // Somebody who is not on this platform has no such phone.
  async play(name) {
    this.person = this.people.find((person) => person.name === name)?.id;
    this.root.hidden = this.person === undefined;
    this.log.querySelectorAll(".msg").forEach((node) => node.remove());
    await this.load();
  }

  happened({person, kind, text}) {
    if (person !== this.person) return;
    if (kind === "typing") this.tell("typing");
    else if (kind === "toast") this.toast(text);
    else this.load();
  }

  tell(state) {
    clearTimeout(this.typing);
    this.state.textContent = this.state.dataset[state];
    if (state === "typing") this.typing = setTimeout(() => this.tell("online"), TYPING_MS);
  }

  toast(text) {
    const toast = this.find(".toast");
    clearTimeout(this.toasting);
    toast.textContent = text;
    toast.hidden = false;
    this.toasting = setTimeout(() => (toast.hidden = true), TOAST_MS);
  }

  address(act = "") {
    return `/api/${this.name}/people/${encodeURIComponent(this.person)}${act && `/${act}`}`;
  }

  async load() {
    const person = this.person;
    if (person === undefined) return;
    // One request at a time: what changes meanwhile is asked for once more afterwards.
    if (this.loading) return void (this.again = true);
    this.loading = true;
    try {
      const response = await fetch(this.address());
      if (response.ok && person === this.person) this.show(await response.json());
    } catch {
      this.tell("offline");
    }
    this.loading = false;
    if (!this.again) return;
    this.again = false;
    await this.load();
  }

  show({blocked, messages}) {
    this.blocked = blocked;
    this.find(".block").textContent = word(this.name, blocked ? "unblock" : "block");
    for (const control of this.root.querySelectorAll("textarea, form button, .attach")) control.disabled = blocked;
    this.tell("online");
    if (blocked) this.state.textContent = words.blocked;
    const old = new Map([...this.log.querySelectorAll(".msg")].map((node) => [node.dataset.id, node]));
    let before = this.log.querySelector(".empty");
    for (const message of messages) {
      const node = this.place(message, old.get(message.id));
      if (before.nextElementSibling !== node) before.after(node);
      old.delete(message.id);
      before = node;
    }
    old.forEach((node) => node.remove());
    this.follow(messages.length);
  }

  follow(count) {
    if (count === this.count) return;
    this.count = count;
    this.toEnd();
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  place(message, node) {
    const content = JSON.stringify(message);
    if (node?.dataset.content === content) return node;
    const fresh = this.message(message);
    Object.assign(fresh.dataset, {id: message.id, content});
    if (node) node.replaceWith(fresh);
    return fresh;
  }

  message(message) {
    const {author, runs, choices, contact, picture, attachment, edited, at} = message;
    const bubble = make("div", {className: "bubble"}, make("span", {className: "sr", textContent: `${words[author] ?? ""}: `}));
    if (picture) bubble.append(make("img", {src: picture, alt: words.photo, onload: () => this.toEnd()}));
    else if (attachment) bubble.append(make("span", {className: "kind", textContent: words[attachment]}));
    if (runs.length) bubble.append(make("div", {className: "text"}, ...runs.map(run)));
    if (contact) bubble.append(card(contact));
    bubble.append(make("time", {textContent: edited ? `${at} (${words.edited})` : at}));
    return make("article", {className: `msg ${author}`}, bubble, choices.length ? this.choices(message) : null);
  }

  choices({id, choices}) {
    let number = 0;
    const row = (buttons) => make("div", {className: "row"}, ...buttons.map((choice) => this.choice(id, number++, choice)));
    return make("div", {className: "choices"}, ...choices.map(row));
  }

  choice(message, number, {label, kind, target}) {
    if (kind === "url") return outside(target, label, target);
    if (kind === "call") return make("a", {href: `tel:${target}`, textContent: label, title: target});
    if (kind === "sms") return make("a", {href: `sms:${target}`, textContent: label, title: target});
    const button = make("button", {type: "button", textContent: label});
    button.addEventListener("click", () => (kind === "copy" ? this.copy(target) : this.act("tap", {message, choice: number})));
    return button;
  }

  async copy(text) {
    await navigator.clipboard.writeText(text);
    this.toast(words.copied);
  }

  async say() {
    const text = this.box.value.trim();
    if (text && (await this.act("say", {text}))) this.box.value = "";
  }

  async act(act, body = {}) {
    const headers = {"Content-Type": "application/json"};
    try {
      const response = await fetch(this.address(act), {method: "POST", headers, body: JSON.stringify(body)});
      if (response.ok) return true;
    } catch {
      this.tell("offline");
    }
    this.toast(words.failed);
    return false;
  }
}

function card({name, number}) {
  const call = make("a", {href: `tel:${number}`, textContent: `${words.call} ${number}`});
  return make("div", {className: "card"}, make("strong", {textContent: name}), call);
}

function persons(names, phones) {
  const play = (name) => phones.forEach((phone) => phone.play(name));
  document.getElementById("people").append(...(names.length > FEW ? [menu(names, play)] : buttons(names, play)));
  play(names[0]);
}

function buttons(names, play) {
  return names.map((name, index) => {
    const radio = make("input", {type: "radio", name: "person", checked: index === 0});
    radio.addEventListener("change", () => play(name));
    return make("label", {}, radio, make("span", {textContent: name}));
  });
}

function menu(names, play) {
  const list = make("select", {ariaLabel: document.querySelector("legend").textContent}, ...names.map((name) => new Option(name)));
  list.addEventListener("change", () => play(list.value));
  return list;
}

const listed = await (await fetch("/api/phones")).json();
const phones = Object.entries(listed).map(([name, people]) => new Phone(name, people));
persons([...new Set(Object.values(listed).flat().map((person) => person.name))], phones);
