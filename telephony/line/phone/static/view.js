// What the person sees. Knows nothing of sockets and sound.

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const NAMES = { "*": "star", "#": "hash" };
const METER_MS = 60;

const element = (id) => document.getElementById(id);
const typed = (id) => element(id).value.trim();

export class View {
  constructor({ onCall, onHangUp, onKey }) {
    element("call").addEventListener("click", () => onCall({ number: typed("number"), from: typed("own-number") }));
    element("hang-up").addEventListener("click", onHangUp);
    for (const key of KEYS) element("keypad").append(keyButton(key, onKey));
    document.addEventListener("keydown", (event) => {
      if (!typing(event) && KEYS.includes(event.key)) onKey(event.key);
    });
    this.levels = { "mic-level": 0, "far-level": 0 };
    setInterval(() => this.drawLevels(), METER_MS);
  }

  state(text, { inCall }) {
    element("state").textContent = text;
    document.body.dataset.state = text;
    element("call").disabled = inCall;
    element("hang-up").disabled = !inCall;
  }

  startTimer() {
    const began = Date.now();
    this.timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      element("timer").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }, 250);
  }

  stopTimer() {
    clearInterval(this.timer);
  }

  clear() {
    element("transcript").replaceChildren();
    element("timer").textContent = "0:00";
    this.error("");
  }

  line({ who, text }) {
    element("empty").hidden = true;
    const item = document.createElement("li");
    item.className = who;
    item.textContent = text;
    element("transcript").append(item);
    item.scrollIntoView({ block: "nearest" });
  }

  level(id, samples) {
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    this.levels[id] = Math.max(this.levels[id], peak);
  }

  drawLevels() {
    for (const [id, level] of Object.entries(this.levels)) {
      element(id).value = Math.sqrt(level);
      this.levels[id] = level * 0.6;
    }
  }

  error(text) {
    element("error").textContent = text;
    element("error").hidden = !text;
  }
}

function keyButton(key, onKey) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = key;
  if (NAMES[key]) button.setAttribute("aria-label", NAMES[key]);
  button.dataset.key = key;
  button.addEventListener("click", () => onKey(key));
  return button;
}

function typing(event) {
  return event.target.matches("input, textarea") || event.ctrlKey || event.metaKey || event.altKey;
}
