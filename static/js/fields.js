// Small helps inside forms; every one of them only saves a step.
//   [data-counter="id"][data-limit] counts characters     [data-fill="id"][data-from="id"] quotes last month's text
//   [data-show-when="name=a,b"] shows a part for some choices only     [data-reveal="id"] shows a password
//   [data-chosen="id"] names the files chosen in that field

function count(place) {
  const field = document.getElementById(place.dataset.counter);
  const number = place.querySelector("span");
  if (!field || !number) return;
  const show = () => {
    const length = [...field.value.replace(/\r\n/g, "\n")].length;
    number.textContent = String(length);
    place.classList.toggle("is-over", length > Number(place.dataset.limit));
  };
  field.addEventListener("input", show);
  show();
}

function chosen(name) {
  return [...document.getElementsByName(name)]
    .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked)
    .map((one) => one.value);
}

function follow(part) {
  const [name, wanted] = part.dataset.showWhen.split("=");
  const values = wanted.split(",");
  const show = () => {
    part.hidden = !chosen(name).some((value) => values.includes(value));
  };
  document.addEventListener("change", show);
  show();
}

function fill(button) {
  const field = document.getElementById(button.dataset.fill);
  const text = document.getElementById(button.dataset.from).textContent.trim();
  if (!field.value.includes(text)) field.value = field.value ? `${field.value}\n${text}` : text;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.textContent = shown ? "显示" : "隐藏";
  button.setAttribute("aria-pressed", String(!shown));
}

function nameFiles(place) {
  const field = document.getElementById(place.dataset.chosen);
  field.addEventListener("change", () => {
    const names = [...field.files].map((file) => file.name).join("、");
    place.textContent = names && `已选 ${names}，保存时上传`;
  });
}

function wire(scope) {
  scope.querySelectorAll("[data-counter]").forEach(count);
  scope.querySelectorAll("[data-chosen]").forEach(nameFiles);
  scope.querySelectorAll("[data-show-when]").forEach(follow);
  scope.querySelectorAll("[data-fill], [data-reveal]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => (button.dataset.fill ? fill(button) : reveal(button)));
  });
}

wire(document);
document.addEventListener("htmx:afterSettle", (event) => wire(event.detail.target));
