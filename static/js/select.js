// Choosing rows: <form data-select> with one [data-select-all] and row checkboxes. [data-selected-count] shows how many;
// buttons with data-needs-selection wait for at least one; data-pick="selector" chooses the rows that match.
// The server checks the choice again: nothing depends on this file.

function wire(scope) {
  const all = scope.querySelector("[data-select-all]");
  const boxes = () => [...scope.querySelectorAll("input[type=checkbox]:not([data-select-all]):not(:disabled)")]
    .filter((box) => !box.closest("[data-select-skip]"));

  function show() {
    const rows = boxes();
    const chosen = rows.filter((box) => box.checked).length;
    if (all) {
      all.checked = chosen > 0 && chosen === rows.length;
      all.indeterminate = chosen > 0 && chosen < rows.length;
    }
    scope.querySelectorAll("[data-selected-count]").forEach((place) => {
      place.textContent = String(chosen);
    });
    scope.querySelectorAll("[data-needs-selection]").forEach((button) => {
      button.disabled = chosen === 0;
    });
  }

  scope.addEventListener("change", (event) => {
    if (event.target === all) {
      boxes().forEach((box) => {
        box.checked = all.checked;
      });
    }
    show();
  });
  scope.addEventListener("click", (event) => {
    const picker = event.target.closest("[data-pick]");
    if (!picker) return;
    event.preventDefault();
    boxes().forEach((box) => {
      box.checked = box.matches(picker.dataset.pick);
    });
    show();
  });
  show();
}

document.querySelectorAll("[data-select]").forEach(wire);
