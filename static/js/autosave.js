// Saves a form as a draft while a person types: <form data-autosave="address"> with a hidden field "version" and one
// [data-saved] line. The address gets the fields by POST and answers JSON:
//   200 {version, saved_at}    409 {message, url}: another person changed it, url shows both texts
//   401 {login_url}, or a redirect to the sign-in page: sign in without leaving the page    other: {message} if any
// The submit button waits for a save on its way, so an older text can never arrive after a newer one.

const PAUSE_MS = 3000;
const RETRY_MS = 20000;
const STALE_MS = 5 * 60 * 1000;
const KEPT_DAYS = 7;

class SignedOut extends Error {}

class Draft {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.autosave;
    this.line = document.querySelector("[data-saved]");
    this.store = `draft:${document.body.dataset.user || ""}:${this.address}`;
    this.timer = 0;
    this.onItsWay = null;
    this.stopped = false;
    this.lastAnswer = Date.now();
    this.saved = this.text();
    this.restore();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("focusout", () => this.soon());
    form.addEventListener("submit", (event) => this.submit(event));
    window.addEventListener("beforeunload", (event) => this.leave(event));
    window.addEventListener("online", () => this.soon());
  }

  fields() {
    const data = new FormData(this.form);
    [...data.entries()].forEach(([name, value]) => {
      if (value instanceof File) data.delete(name);
    });
    return data;
  }

  // What a person wrote: without the token and the version, which change by themselves.
  text() {
    const kept = [...this.fields().entries()].filter(([name]) => !["csrfmiddlewaretoken", "version"].includes(name));
    return JSON.stringify(kept);
  }

  get changed() {
    return this.text() !== this.saved;
  }

  later(wait = PAUSE_MS) {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.save(), wait);
  }

  soon() {
    if (this.changed) this.later(0);
  }

  // Resolves to "saved", "refused" (the server said no) or "away" (nobody answered). One request at a time.
  async save() {
    clearTimeout(this.timer);
    while (this.onItsWay) await this.onItsWay;
    if (this.stopped) return "refused";
    if (!this.changed && Date.now() - this.lastAnswer < STALE_MS) return "saved";
    this.onItsWay = this.send();
    try {
      return await this.onItsWay;
    } finally {
      this.onItsWay = null;
    }
  }

  async send() {
    const sent = this.text();
    try {
      const answer = await this.post();
      this.lastAnswer = Date.now();
      if (answer.ok) return this.done(await answer.json(), sent);
      return this.refused(answer.status, await answer.json().catch(() => ({})));
    } catch (error) {
      if (error instanceof SignedOut) return this.signIn(error.message);
      this.keep();
      this.say("没有连上服务器，文字已留在本机，连上后自动保存", true);
      this.later(RETRY_MS);
      return "away";
    }
  }

  async post() {
    const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
    const answer = await fetch(this.address, { method: "POST", body: this.fields(), headers, credentials: "same-origin" });
    if (answer.status === 401) {
      const body = await answer.json().catch(() => ({}));
      throw new SignedOut(body.login_url || "/accounts/login/");
    }
    if (answer.redirected && answer.url.includes("/login")) throw new SignedOut(answer.url);
    return answer;
  }

  done(body, sent) {
    this.saved = sent;
    if (body.version !== undefined) this.form.elements.version.value = body.version;
    this.forget();
    this.say(`已保存 ${body.saved_at || clock()}`);
    if (this.changed) this.later();
    return "saved";
  }

  refused(status, body) {
    this.keep();
    if (status === 409) {
      this.stopped = true;
      this.say("没有保存：别人刚改过这一条", true);
      this.note(body.message || "这一条刚被别人改过，您的文字已留在本机。", body.url && { href: body.url, words: "查看差异" });
    } else this.say(body.message || "没有保存成功，文字已留在本机", true);
    return "refused";
  }

  async signIn(address) {
    this.keep();
    this.say("登录已过期，文字已留在本机", true);
    if (!(await signInHere(address))) return "away";
    this.lastAnswer = 0;
    return this.send();
  }

  async submit(event) {
    if (this.cleared || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter;
    const outcome = await this.save();
    // With nothing to save this goes on inside the event of the click, where a browser drops a second submit in silence.
    await new Promise((next) => setTimeout(next));
    if (outcome === "away") {
      this.say("没有连上服务器，还没有提交；文字已留在本机，请稍后再点提交", true);
      return;
    }
    this.cleared = true;
    this.form.requestSubmit(button || undefined);
    this.cleared = false;
    this.sentOff = true;
  }

  leave(event) {
    if (this.sentOff || !this.changed) return;
    this.keep();
    event.preventDefault();
    event.returnValue = "";
  }

  say(words, bad = false) {
    if (!this.line) return;
    this.line.classList.toggle("is-bad", bad);
    if (this.line.textContent !== words) this.line.textContent = words;
  }

  note(words, link, buttons = []) {
    if (this.box) this.box.remove();
    this.box = document.createElement("div");
    this.box.className = "note";
    this.box.setAttribute("role", "alert");
    this.box.append(words, " ");
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.words;
      this.box.append(anchor);
    }
    buttons.forEach(([label, act]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        this.box.remove();
        act();
      });
      this.box.append(" ", button);
    });
    this.form.prepend(this.box);
  }

  // The copy in this browser: only while the server does not have the text.
  keep() {
    const copy = { at: Date.now(), version: this.version(), text: this.text() };
    try {
      localStorage.setItem(this.store, JSON.stringify(copy));
    } catch {
      // storage full or forbidden: the text is still on the page
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.store);
    } catch {
      // nothing was kept
    }
  }

  version() {
    return this.form.elements.version ? this.form.elements.version.value : "";
  }

  restore() {
    let copy;
    try {
      copy = JSON.parse(localStorage.getItem(this.store));
    } catch {
      copy = null;
    }
    if (!copy) return;
    if (copy.text === this.saved || Date.now() - copy.at > KEPT_DAYS * 86400000) {
      this.forget();
      return;
    }
    const when = clock(new Date(copy.at));
    if (copy.version === this.version()) {
      this.fill(copy.text);
      this.note(`已恢复 ${when} 没能保存的文字。`);
      this.later();
    } else {
      this.note(`本机留有 ${when} 没能保存的文字，之后这一条又改过。`, null, [
        ["用本机的文字", () => { this.fill(copy.text); this.later(); }],
        ["不用，删除", () => this.forget()],
      ]);
    }
  }

  fill(text) {
    const values = JSON.parse(text);
    [...this.form.elements].forEach((control) => {
      if (!control.name || ["csrfmiddlewaretoken", "version"].includes(control.name) || control.type === "file") return;
      const mine = values.filter(([name]) => name === control.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(control.type)) control.checked = mine.includes(control.value);
      else if (mine.length && control.type !== "submit") control.value = mine[0];
    });
    this.form.dispatchEvent(new Event("change"));
  }
}

function clock(moment = new Date()) {
  return moment.toLocaleTimeString("zh-CN", { hour12: false });
}

// --- Signing in without leaving the page ---

async function page(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  const html = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, html };
}

// A sign-in changes the token of every form on the page. Another person's sign-in must not carry this one's text.
async function refreshToken() {
  const { answer, html } = await page(location.href);
  const token = html.querySelector("[name=csrfmiddlewaretoken]");
  if (!answer.ok || answer.url.includes("/login") || !token) throw new Error("还没有登录成功，请再试一次");
  if (html.body.dataset.user !== document.body.dataset.user) throw new Error("登录的是另一个账号，请换回原来的账号");
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => {
    field.value = token.value;
  });
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token.value }));
}

async function tryPassword(address, name, password) {
  const { html } = await page(address);
  const form = [...html.forms].find((one) => one.elements.password);
  if (!form) return;
  const data = new FormData(form);
  data.set("login", name);
  data.set("password", password);
  const { answer, html: after } = await page(address, { method: "POST", body: data });
  // Any other page means success, whatever its own fields may say of errors.
  const asksAgain = [...after.forms].some((one) => one.elements.login && one.elements.password);
  if (answer.status < 400 && !asksAgain) return;
  const wrong = after.querySelector(".errors li, .error");
  throw new Error((wrong && wrong.textContent.trim()) || "没有登录成功，请核对用户名和密码");
}

const SIGN_IN = `
  <form method="dialog">
    <div class="dialog-head"><h2 id="again-title">登录已过期，请重新登录</h2></div>
    <div class="dialog-body">
      <p class="muted">页面上的文字还在，登录后接着保存。</p>
      <div class="field"><label for="again-name">用户名</label><input id="again-name" autocomplete="username"></div>
      <div class="field"><label for="again-password">密码</label><input id="again-password" type="password" autocomplete="current-password"></div>
      <p class="error" role="alert"></p>
      <p class="hint">需要验证码或首次改密码的，请<a target="_blank" rel="noopener">在新窗口登录</a>，再回到这里点「已在新窗口登录」。</p>
    </div>
    <div class="dialog-foot"><button type="button" data-later>稍后</button><button type="button" data-elsewhere>已在新窗口登录</button><button type="button" class="btn--primary" data-go>登录并保存</button></div>
  </form>`;

// Resolves to true when signed in again, false when put off.
function signInHere(address) {
  const here = new URL(address, location.href);
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "again-title");
  dialog.innerHTML = SIGN_IN;
  const part = (selector) => dialog.querySelector(selector);
  part("a").href = here.pathname;
  document.body.append(dialog);
  if (dialog.showModal) dialog.showModal();
  else {
    dialog.setAttribute("open", "");
    dialog.setAttribute("data-plain", "");
  }
  part("#again-name").focus();
  return new Promise((resolve) => {
    const end = (outcome) => {
      dialog.remove();
      resolve(outcome);
    };
    const attempt = async (withPassword) => {
      part(".error").textContent = "";
      try {
        if (withPassword) await tryPassword(here.pathname, part("#again-name").value, part("#again-password").value);
        await refreshToken();
        end(true);
      } catch (error) {
        part(".error").textContent = error instanceof TypeError ? "没有连上服务器，请稍后再试" : error.message;
      }
    };
    part("[data-go]").addEventListener("click", () => attempt(true));
    part("[data-elsewhere]").addEventListener("click", () => attempt(false));
    part("[data-later]").addEventListener("click", () => end(false));
    part("form").addEventListener("submit", (event) => event.preventDefault());
    dialog.addEventListener("cancel", () => end(false));
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input") && !event.isComposing) attempt(true);
    });
  });
}

document.querySelectorAll("form[data-autosave]").forEach((form) => new Draft(form));
