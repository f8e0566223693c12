// What every page does: times in the reader's own zone, waiting times that go on, buttons that copy.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

function showTimes(root) {
  for (const time of root.querySelectorAll("time[data-clock]")) {
    const at = new Date(time.dateTime);
    time.title = `${at.toISOString().slice(11, 19)} UTC`;
    time.textContent = clock.format(at);
  }
}

export function spanned(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function goOn() {
  for (const time of document.querySelectorAll("time[data-since]")) {
    const text = spanned((Date.now() - new Date(time.dateTime)) / 1000);
    if (time.textContent !== text) time.textContent = text;
  }
}

function announce(text) {
  const place = document.getElementById("announcement");
  if (place) place.textContent = text;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    announce("This browser does not let the page copy"); // it wants https, or the permission
    return;
  }
  button.dataset.copied = "";
  announce("Copied");
  setTimeout(() => delete button.dataset.copied, 1500);
});

for (const moment of ["htmx:afterSwap", "htmx:oobAfterSwap", "htmx:sseMessage"]) {
  document.addEventListener(moment, () => {
    showTimes(document);
    goOn();
  });
}

showTimes(document);
goOn();
setInterval(goOn, 500);
