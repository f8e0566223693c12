// One call, heard again: the player is the clock, and everything else follows it. What is chosen stands in the address.

const replay = document.getElementById("replay");
const player = document.getElementById("player");
const rows = [...document.querySelectorAll("#rows > [data-spoken]")];
const scroller = document.getElementById("rows-scroll");
const length = Number(replay.dataset.length);
const STEP_S = 5;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const at = (id) => document.getElementById(id);
let standing = 0; // where the cursor is while there is no sound

function shown(seconds) {
  const tenths = Math.round(seconds * 10);
  const rest = String(Math.floor(tenths / 10) % 60).padStart(2, "0");
  return `${Math.floor(tenths / 600)}:${rest}.${tenths % 10}`;
}

function now() {
  return player ? player.currentTime : standing;
}

// The address

function keep(changes) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  history.replaceState(null, "", url);
}

function keepTime() {
  keep({ t: now().toFixed(1) });
}

// Going somewhere

function seek(seconds) {
  const to = Math.min(length, Math.max(0, seconds));
  if (player) player.currentTime = to;
  else standing = to;
  follow();
  keepTime();
}

function play() {
  player?.play().catch(() => at("announcement").append("This browser does not play before the page is clicked."));
}

function toggle() {
  if (!player) return;
  if (player.paused) play();
  else player.pause();
}

// What follows the cursor

let current = null;

function rowAt(seconds) {
  let found = null;
  for (const row of rows) {
    if (Number(row.dataset.start) > seconds + 0.001) break;
    found = row;
  }
  return found;
}

function follow() {
  const seconds = now();
  const position = at("position");
  at("now").textContent = shown(seconds);
  position.value = String(seconds);
  position.setAttribute("aria-valuetext", shown(seconds));
  at("playhead").style.left = `${(100 * seconds) / length}%`;
  const row = rowAt(seconds);
  if (row === current) return;
  current?.removeAttribute("aria-current");
  row?.setAttribute("aria-current", "true");
  current = row;
  if (row && at("follow").checked) show(row);
}

function show(row) {
  // Within the list only: the page itself stays where its reader has put it.
  const top = row.offsetTop - scroller.clientHeight / 3;
  scroller.scrollTo({ top, behavior: still.matches ? "auto" : "smooth" });
}

function tick() {
  follow();
  if (player && !player.paused) requestAnimationFrame(tick);
}

if (player) {
  player.addEventListener("play", () => {
    at("play").textContent = "❚❚ Pause";
    tick();
  });
  player.addEventListener("pause", () => {
    at("play").textContent = "▶ Play";
    keepTime();
  });
  player.addEventListener("seeked", follow);
  player.addEventListener("timeupdate", follow);
}

// The turn in the drawer

let wanted = null;

async function open(turn, focus = false) {
  const drawer = at("drawer");
  wanted = turn;
  if (drawer.querySelector("#drawer-heading")?.dataset.turn !== turn) {
    const answer = await fetch(`${replay.dataset.address}/turns/${turn}?view=${replay.dataset.view}`);
    const text = await answer.text();
    if (turn !== wanted) return; // answers may overtake each other: the turn that was asked for last stays
    if (!answer.ok) {
      at("announcement").textContent = "The turn could not be loaded.";
      return;
    }
    drawer.innerHTML = text; // rendered and escaped by the server
    drawer.scrollTop = 0;
  }
  keep({ turn });
  at("announcement").textContent = drawer.querySelector("#drawer-heading").innerText;
  if (focus) drawer.focus();
}

function turnStarts() {
  const starts = new Map();
  for (const row of rows) {
    if (row.dataset.turn && !starts.has(row.dataset.turn)) starts.set(row.dataset.turn, Number(row.dataset.start));
  }
  return [...starts].sort((one, other) => one[1] - other[1]);
}

function step(by) {
  const starts = turnStarts();
  const here = starts.findLastIndex(([, start]) => start <= now() + 0.05);
  const next = starts[Math.min(starts.length - 1, Math.max(0, here + by))];
  if (!next) return;
  seek(next[1]);
  open(next[0]);
}

// Clicks

document.addEventListener("click", (event) => {
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!plain) return;
  const opener = event.target.closest("[data-open]");
  if (opener) {
    event.preventDefault();
    open(opener.dataset.open, true);
    return;
  }
  const seeker = event.target.closest("[data-seek]");
  if (seeker) {
    event.preventDefault();
    seek(Number(seeker.dataset.seek));
    play();
    return;
  }
  const row = event.target.closest("#rows > [data-spoken]");
  if (row && getSelection().isCollapsed) {
    seek(Number(row.dataset.start));
    play();
    if (row.dataset.turn) open(row.dataset.turn);
    return;
  }
  const inner = event.target.closest("#tracks-inner");
  if (inner && !event.target.closest("a")) {
    const box = inner.getBoundingClientRect();
    seek((length * (event.clientX - box.left)) / box.width);
  }
});

at("play").addEventListener("click", toggle);
at("position").addEventListener("input", (event) => seek(Number(event.target.value)));
at("share").addEventListener("click", async () => {
  keepTime();
  try {
    await navigator.clipboard.writeText(location.href);
    at("announcement").textContent = "The link is copied.";
    at("share").textContent = "Copied";
    setTimeout(() => (at("share").textContent = "Copy link to this moment"), 1500);
  } catch {
    at("announcement").textContent = "This browser does not let the page copy; the address bar has the link.";
  }
});
at("keys").addEventListener("click", () => at("help").showModal());

// Keys

function types(target) {
  return target.closest("textarea, select, input:not([type=checkbox], [type=range])") !== null;
}

const KEYS = {
  ArrowLeft: () => seek(now() - STEP_S),
  ArrowRight: () => seek(now() + STEP_S),
  j: () => step(1),
  k: () => step(-1),
  c: () => {
    at("comment-at").value = now().toFixed(1);
    at("comment-text").focus();
  },
  f: () => at("follow").click(),
  "?": () => at("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || types(event.target) || at("help").open) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.target.matches(".volume") && key.startsWith("Arrow")) return;
  if (key === " " && event.target.closest("button, summary, input, audio")) return; // these have a use for it
  if (event.target.closest("audio")) return;
  const does = key === " " ? toggle : KEYS[key];
  if (!does) return;
  event.preventDefault();
  does();
});

// Choices

function choose(name, value) {
  if (name === "speed" && player) player.playbackRate = Number(value);
  if (name === "zoom") at("tracks-inner").style.width = `${100 * Number(value)}%`;
}

for (const name of ["speed", "zoom"]) {
  const box = at(name);
  const wanted = new URL(location.href).searchParams.get(name);
  if ([...box.options].some((one) => one.value === wanted)) box.value = wanted;
  choose(name, box.value);
  box.addEventListener("change", () => {
    choose(name, box.value);
    keep({ [name]: box.value === "1" ? null : box.value });
  });
}

at("follow").checked = new URL(location.href).searchParams.get("follow") !== "no";
at("follow").addEventListener("change", (event) => {
  keep({ follow: event.target.checked ? null : "no" });
  if (event.target.checked && current) show(current);
});

// A comment is on the moment at which it was begun
document.addEventListener("focusin", (event) => {
  if (event.target.id === "comment-text" && event.target.value === "") at("comment-at").value = now().toFixed(1);
});

// Each channel by itself: the sound goes through a mixer once somebody wants that, and plainly before

let gains = null;

function mixer() {
  if (gains) return gains;
  const context = new AudioContext();
  const split = context.createChannelSplitter(2);
  const merge = context.createChannelMerger(2);
  gains = [0, 1].map((channel) => {
    const gain = context.createGain();
    split.connect(gain, channel);
    gain.connect(merge, 0, channel);
    return gain;
  });
  context.createMediaElementSource(player).connect(split);
  merge.connect(context.destination);
  context.resume();
  return gains;
}

function mix(channel) {
  const mute = document.querySelector(`.mute[data-channel="${channel}"]`);
  const volume = document.querySelector(`.volume[data-channel="${channel}"]`);
  mixer()[channel].gain.value = mute.getAttribute("aria-pressed") === "true" ? 0 : Number(volume.value);
}

for (const button of document.querySelectorAll(".mute")) {
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    mix(Number(button.dataset.channel));
  });
}
for (const slider of document.querySelectorAll(".volume")) {
  slider.addEventListener("input", () => mix(Number(slider.dataset.channel)));
}

// The waveform

async function drawWave() {
  const answer = await fetch(`${replay.dataset.address}/peaks`);
  if (!answer.ok) return;
  const peaks = await answer.json();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const looks = () => ["--warm", "--focus"].map((name) => ({ waveColor: colour(name), progressColor: colour(name), height: 52 }));
  const wave = WaveSurfer.create({
    container: at("wave"),
    media: player,
    peaks: peaks.channels.map((channel) => channel.map((one) => one / 127)),
    duration: peaks.duration_s,
    splitChannels: looks(),
    height: 52,
    interact: false, // clicks on the axis are the page's, from the wave down to the charts
    cursorWidth: 0,
    hideScrollbar: true,
    cspNonce: replay.dataset.nonce,
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => wave.setOptions({ splitChannels: looks() }));
  replay.dataset.drawn = "yes";
}

if (player) drawWave();

// Where the address leads

const start = Number(new URL(location.href).searchParams.get("t") ?? 0);
if (start > 0 && player && player.readyState < 1) {
  player.addEventListener("loadedmetadata", () => seek(start), { once: true });
} else if (start > 0) {
  seek(start);
}
follow();
replay.dataset.ready = "yes";
