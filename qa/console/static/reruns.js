// Follows calls that are being run again; when they are done the page shows the report.

const line = document.getElementById("rerun-progress");

if (line) {
  const stream = new EventSource(line.dataset.stream);
  stream.addEventListener("progress", (event) => {
    const told = JSON.parse(event.data);
    document.getElementById("rerun-bar").value = told.done;
    const verdicts = Object.entries(told.verdicts).map(([name, count]) => `${count} ${name}`);
    const words = [`${told.done} of ${told.of} calls`, ...verdicts].join(", ");
    document.getElementById("rerun-told").textContent = words;
    if (told.over) {
      stream.close();
      location.reload();
    }
  });
}
