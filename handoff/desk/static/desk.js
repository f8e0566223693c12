// The agent desk: rings, says so, answers to keys 1 and 2, and keeps the transcript at its newest line.

const DEFAULTS = { sound: true, notify: false, keys: true };
const EVERY_MS = 3000;
const title = document.title;
let ringing = null;
let bell = null;
let sound = null;

function chosen(name) {
  const kept = localStorage.getItem(`desk.${name}`);
  return kept === null ? DEFAULTS[name] : kept === "yes";
}

// What the agent wants to be told by

for (const box of document.querySelectorAll("input[data-choice]")) {
  const name = box.dataset.choice;
  box.checked = chosen(name) && (name !== "notify" || window.Notification?.permission === "granted");
  box.addEventListener("change", async () => {
    if (name === "notify" && box.checked) {
      box.checked = (await window.Notification?.requestPermission()) === "granted";
    }
    localStorage.setItem(`desk.${name}`, box.checked ? "yes" : "no");
  });
}

// Ringing

function tone(at, frequency) {
  const [voice, loudness] = [sound.createOscillator(), sound.createGain()];
  voice.frequency.value = frequency;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.16, at + 0.03);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.7);
  voice.connect(loudness).connect(sound.destination);
  voice.start(at);
  voice.stop(at + 0.75);
}

function chime() {
  if (!chosen("sound")) return;
  sound ??= new AudioContext();
  sound.resume(); // a browser that wants a click first stays silent; title and card tell all the same
  tone(sound.currentTime, 659);
  tone(sound.currentTime + 0.22, 880);
}

function notify(card) {
  const may = chosen("notify") && document.hidden && window.Notification?.permission === "granted";
  // No name and no number: notifications stay on lock screens.
  if (may) new Notification("A caller is waiting for you", { tag: card.dataset.ring, body: "Open the desk to answer." });
}

function look() {
  const card = document.querySelector("[data-ring]");
  const now = card?.dataset.ring ?? null;
  if (now === ringing) return;
  ringing = now;
  clearInterval(bell);
  document.title = now ? `☎ ${card.querySelector("h2").innerText.trim()}` : title;
  say(now ? card.dataset.says : "");
  if (!now) return;
  chime();
  bell = setInterval(chime, EVERY_MS);
  notify(card);
}

function say(text) {
  document.getElementById("announcement").textContent = text;
}

// Keys 1 and 2, as on the telephone

function types(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !chosen("keys") || types(event.target)) return;
  if (event.key === "1") document.getElementById("accept")?.click();
  if (event.key === "2") {
    const decline = document.getElementById("decline");
    if (!decline) return;
    decline.open = true;
    decline.querySelector("button").focus();
  }
});

// The call

const lines = document.getElementById("log");
let atEnd = true;

function toEnd() {
  if (lines && atEnd) lines.scrollTop = lines.scrollHeight;
}

lines?.addEventListener("scroll", () => {
  atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
});
if (lines) new ResizeObserver(toEnd).observe(lines);
toEnd();

const wrong = document.getElementById("wrong");
const intended = document.getElementById("intended");

function askIntended() {
  const asked = wrong.value === "intent";
  document.getElementById("intended-label").hidden = !asked;
  if (!asked) intended.value = "";
}

wrong?.addEventListener("change", askIntended);
if (wrong) askIntended();

// The stream

let declining = null;

document.addEventListener("htmx:sseBeforeMessage", (event) => {
  const { type, data } = event.detail;
  // The card is renewed while somebody chooses why they decline.
  if (type === "ring") declining = document.getElementById("decline")?.open ? document.activeElement?.id : null;
  // A stream that began anew may bring a line that is there already.
  const known = type === "line" && data.match(/id="(line-\d+)"/);
  if (known && document.getElementById(known[1])) event.preventDefault();
});
document.addEventListener("htmx:sseMessage", (event) => {
  if (event.detail.type === "line") toEnd();
  const decline = document.getElementById("decline");
  if (event.detail.type === "ring" && declining !== null && decline) {
    decline.open = true;
    document.getElementById(declining)?.focus();
  }
  look();
  const go = document.querySelector("[data-go]");
  if (go) location.assign(go.dataset.go);
});
document.addEventListener("htmx:sseOpen", (event) => {
  document.getElementById("offline").hidden = true;
  document.body.dataset.live = "yes";
  event.detail.source.addEventListener("signed-out", () => location.reload());
});
document.addEventListener("htmx:sseError", () => {
  document.getElementById("offline").hidden = false;
  document.body.dataset.live = "no";
});

look();
