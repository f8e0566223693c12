// Days and times of lists in the reader's own zone; UTC stands in the title.

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function showDays() {
  for (const time of document.querySelectorAll("time[data-day]")) {
    const at = new Date(time.dateTime);
    time.title = `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
    time.textContent = day.format(at);
  }
}

document.addEventListener("htmx:afterSwap", showDays);
showDays();
