// Keys 1 to 9 answer the question that has the focus, or the first without an answer; 0 says that it does not apply.

function types(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}

function questions() {
  return [...document.querySelectorAll("#scorecard .question")].filter((one) => one.querySelector("input[type=radio]"));
}

function current() {
  const focused = document.activeElement?.closest("#scorecard .question");
  return focused ?? questions().find((one) => !one.querySelector("input[type=radio]:checked"));
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || types(event.target) || !/^[0-9]$/.test(event.key)) return;
  const question = current();
  const radios = [...(question?.querySelectorAll("input[type=radio]") ?? [])];
  const chosen = event.key === "0"
    ? radios.find((one) => one.value === "-")
    : radios.filter((one) => one.value !== "-")[Number(event.key) - 1];
  if (!chosen) return;
  event.preventDefault();
  chosen.checked = true;
  const all = questions();
  const next = all[all.indexOf(question) + 1]?.querySelector("input[type=radio]");
  (next ?? chosen).focus();
});
