// The review of an import: after each swap the open item stands in view on both sides and Enter confirms it.
// Without this file every click loads the page anew, which works as well.

function settle() {
  const block = document.querySelector(".src .is-on");
  const box = block && block.closest(".src");
  if (box) {
    const place = block.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTop += place - box.clientHeight / 4;
  }
  const results = document.getElementById("results");
  if (results && results.getBoundingClientRect().top < 0) results.scrollIntoView();
  const wanted = document.querySelector("#results .errors") || document.querySelector("#results [value=confirm][data-key]");
  if (wanted) wanted.focus({ preventScroll: !wanted.matches(".errors") });
}

// htmx leaves out the button that was pressed when it stands outside its form.
document.addEventListener("htmx:configRequest", (event) => {
  const cause = event.detail.triggeringEvent;
  const pressed = cause && cause.submitter;
  if (pressed && pressed.name) event.detail.parameters[pressed.name] = pressed.value;
});

// What somebody else was faster with comes as 409 and is to be read as well.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "results") settle();
});

// Signed out, or the server is away: load the page, which says which of both.
document.addEventListener("htmx:responseError", () => window.location.reload());

settle();
