// Small things every page may need: dialogs, asking before a grave post, focus on the error summary, one open menu, printing.
// All of it only improves pages that work without it.

const canModal = "HTMLDialogElement" in window;

function open(dialog, opener) {
  if (dialog.open) return;
  if (canModal) dialog.showModal();
  else {
    dialog.setAttribute("open", "");
    dialog.setAttribute("data-plain", "");
  }
  dialog.openedBy = opener || document.activeElement;
  const first = dialog.querySelector("[autofocus], input:not([type=hidden]), textarea, select, .btn--primary");
  if (first) first.focus();
}

function close(dialog) {
  if (canModal) dialog.close();
  else {
    dialog.removeAttribute("open");
    returnFocus(dialog);
  }
}

function returnFocus(dialog) {
  if (dialog.openedBy && dialog.openedBy.isConnected) dialog.openedBy.focus();
}

// A post with data-confirm="问句" asks first; data-confirm-do is the word on the button (撤销开启, 停用账号).
function ask(form, button) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "confirm-title");
  const head = add(dialog, "div", "dialog-head");
  const title = add(head, "h2");
  title.id = "confirm-title";
  title.textContent = form.dataset.confirmTitle || "请确认";
  add(add(dialog, "div", "dialog-body"), "p").textContent = button.dataset.confirm || form.dataset.confirm;
  const foot = add(dialog, "div", "dialog-foot");
  const cancel = add(foot, "button");
  cancel.type = "button";
  cancel.textContent = "取消";
  const go = add(foot, "button", "btn--primary");
  go.type = "button";
  go.textContent = form.dataset.confirmDo || button.textContent.trim() || "继续";
  cancel.addEventListener("click", () => close(dialog));
  go.addEventListener("click", () => {
    form.dataset.confirmed = "yes";
    close(dialog);
    form.requestSubmit(button.form === form ? button : undefined);
  });
  dialog.addEventListener("close", () => {
    returnFocus(dialog);
    dialog.remove();
  });
  document.body.append(dialog);
  open(dialog, button);
  cancel.focus();
}

function add(parent, name, className) {
  const element = document.createElement(name);
  if (className) element.className = className;
  parent.append(element);
  return element;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog) {
    event.preventDefault();
    open(dialog, opener);
    return;
  }
  const closer = event.target.closest("[data-close]");
  const around = closer && closer.closest("dialog");
  if (around) {
    event.preventDefault();
    close(around);
  }
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("close", (event) => {
  if (event.target.matches("dialog")) returnFocus(event.target);
}, true);

document.addEventListener("keydown", (event) => {
  if (event.code !== "Escape" || event.isComposing) return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  if (!canModal) document.querySelectorAll("dialog[open]").forEach(close);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter || form.querySelector("button:not([type=button])");
  const asks = form.dataset.confirm || (button && button.dataset.confirm);
  if (!asks || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form, button || form);
}, true);

const focused = document.querySelector("[data-focus]");
if (focused) focused.focus();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
