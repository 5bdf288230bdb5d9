// Keyboard keys. An element declares its own with data-key: "KeyA", "Ctrl+Enter", "Ctrl+KeyK".
// Codes name the place of a key, so a Chinese input method or another layout does not move them.
// Each person can switch single keys off; that is kept in this browser only. Ctrl combinations always stay.

const STORE = "keys-off";
const PLACES = { KeyH: ["首页"], KeyP: ["总览"], KeyS: ["审核", "填报"], KeyC: ["催办", "县区"], KeyY: ["月报"] };
const SECOND_KEY_MS = 1200;

let goUntil = 0;

function isOff() {
  return document.body.dataset.keys === "off";
}

function readChoice() {
  try {
    return localStorage.getItem(STORE) === "yes";
  } catch {
    return false;
  }
}

function keepChoice(off) {
  document.body.dataset.keys = off ? "off" : "on";
  try {
    localStorage.setItem(STORE, off ? "yes" : "no");
  } catch {
    // private mode: the choice lives as long as the page
  }
}

function isTyping(target) {
  if (target.isContentEditable) return true;
  if (target.matches("textarea, select")) return true;
  return target.matches("input") && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

function visible(element) {
  return element.getClientRects().length > 0 && !element.disabled;
}

// With a dialog open, its keys alone count.
function act(key) {
  const inside = document.querySelector("dialog[open]") || document;
  const element = [...inside.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && visible(one));
  if (!element) return false;
  if (element.matches("form")) element.requestSubmit();
  else if (element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) {
    element.focus();
    if (element.select) element.select();
  } else {
    element.focus();
    element.click();
  }
  return true;
}

function goTo(code) {
  const words = PLACES[code] || [];
  const links = [...document.querySelectorAll(".rail a")];
  const link = links.find((one) => words.some((word) => one.textContent.trim().startsWith(word)));
  if (link) link.click();
  return Boolean(link);
}

function showSheet() {
  const opener = document.querySelector("[data-open=keys]");
  const sheet = document.getElementById("keys");
  if (opener) opener.click();
  else if (sheet && sheet.showModal && !sheet.open) sheet.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey) {
    if (!event.shiftKey && act("Ctrl+" + event.code)) event.preventDefault();
    return;
  }
  if (isOff() || isTyping(event.target)) return;
  if (event.key === "?" || event.key === "？") {
    event.preventDefault();
    showSheet();
    return;
  }
  if (event.shiftKey) return;
  if (Date.now() < goUntil) {
    goUntil = 0;
    if (goTo(event.code)) event.preventDefault();
    return;
  }
  if (event.code === "KeyG" && !document.querySelector("dialog[open]")) {
    goUntil = Date.now() + SECOND_KEY_MS;
    return;
  }
  // Enter belongs to the link, button or choice that has the focus.
  if (event.code === "Enter" && event.target.closest("a, button, summary, input")) return;
  if (!event.repeat && act(event.code)) event.preventDefault();
});

// The sheet lists what this page declares, in the words of its own buttons.
function fillSheet() {
  const list = document.querySelector("[data-key-list]");
  if (!list) return;
  const seen = new Set(["Ctrl+KeyK"]);
  document.querySelectorAll("[data-key]").forEach((element) => {
    const key = element.dataset.key;
    if (seen.has(key)) return;
    seen.add(key);
    const row = document.createElement("div");
    const words = element.dataset.keyLabel || element.getAttribute("aria-label") || [...element.childNodes]
      .filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join("");
    row.append(words.trim());
    const cap = document.createElement("kbd");
    cap.textContent = key.replace("Key", "").replace("Digit", "");
    row.append(cap);
    list.append(row);
  });
}

const toggle = document.querySelector("[data-toggle-keys]");

function label() {
  toggle.textContent = isOff() ? "开启快捷键" : "关闭快捷键";
}

if (readChoice()) document.body.dataset.keys = "off";
if (toggle) {
  toggle.hidden = false;
  label();
  toggle.addEventListener("click", () => {
    keepChoice(!isOff());
    label();
  });
}
fillSheet();
