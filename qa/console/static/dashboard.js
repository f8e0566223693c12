// The formula of a figure shows while it is pointed at or has the focus. Escape hides it until then again.

for (const tile of document.querySelectorAll(".tile")) {
  for (const moment of ["pointerenter", "focusin"]) {
    tile.addEventListener(moment, () => delete tile.dataset.quiet);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const tile of document.querySelectorAll(".tile:hover, .tile:focus-within")) tile.dataset.quiet = "";
});
