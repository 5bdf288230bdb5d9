// Copying ready text: <button data-copy="id of the textarea or element"> and, if wanted, <span data-copied-by="same id">.
// data-copied="，…" on the button says what may be done with it. On plain http in an intranet the clipboard interface is missing; then the old command does it, else the text is selected.

function oldCopy(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  let done = false;
  try {
    done = document.execCommand("copy");
  } catch {
    done = false;
  }
  area.remove();
  return done;
}

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // permission refused: the old way may still work
    }
  }
  return oldCopy(text);
}

function say(id, words) {
  const place = document.querySelector(`[data-copied-by="${id}"]`);
  if (!place) return;
  place.setAttribute("role", "status");
  place.textContent = words;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  const source = document.getElementById(button.dataset.copy);
  const text = source.value === undefined ? source.textContent.trim() : source.value;
  const done = await copy(text);
  button.focus();
  const time = new Date().toLocaleTimeString("zh-CN", { hour12: false, hour: "2-digit", minute: "2-digit" });
  if (done) say(button.dataset.copy, `已复制 ${time}${button.dataset.copied || "，可粘贴到工作群"}`);
  else {
    if (source.select) source.select();
    say(button.dataset.copy, "浏览器不允许自动复制，文字已选中，请按 Ctrl+C");
  }
});
