// One telephone: joins the view, the sound and the line's socket.

import { Audio, explain } from "./audio.js";
import { decode, encode } from "./mulaw.js";
import { follow } from "./transcript.js";
import { View } from "./view.js";

const REASONS = {
  hung_up: "Call ended",
  busy: "Busy",
  declined: "Declined",
  not_found: "No such number",
  failed: "The call failed",
};

const view = new View({ onCall: call, onHangUp: hangUp, onKey: press });
const audio = new Audio();
let socket;
let transcript;

async function call({ number, from }) {
  view.clear();
  view.state("Starting the microphone", { inCall: true });
  try {
    await audio.start(onMicrophone);
  } catch (error) {
    view.error(explain(error));
    end("Ready");
    return;
  }
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/line/phone/socket`);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => tell({ type: "dial", number, from });
  socket.onmessage = onMessage;
  socket.onclose = () => end("Call ended");
}

function hangUp() {
  tell({ type: "hang_up" });
}

function press(digit) {
  tell({ type: "digit", digit });
}

function tell(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function onMicrophone(samples) {
  view.level("mic-level", samples);
  if (socket?.readyState === WebSocket.OPEN) socket.send(encode(samples));
}

function onMessage(event) {
  if (typeof event.data !== "string") {
    const samples = decode(new Uint8Array(event.data));
    view.level("far-level", samples);
    audio.play(samples);
    return;
  }
  const message = JSON.parse(event.data);
  switch (message.type) {
    case "ringing":
      view.state("Ringing", { inCall: true });
      break;
    case "answered":
      view.state("Connected", { inCall: true });
      view.startTimer();
      break;
    case "call":
      transcript = follow(message.transcript, (line) => view.line(line));
      break;
    case "message":
      view.line({ who: "message", text: `Text message from ${message.from}: ${message.text}` });
      break;
    case "ended":
      end(REASONS[message.reason] ?? "Call ended");
      break;
  }
}

function end(text) {
  if (socket) {
    const closing = socket;
    socket = undefined;
    closing.onclose = null;
    closing.close();
  }
  transcript = undefined; // it closes itself when the last line has come
  audio.stop();
  view.stopTimer();
  view.state(text, { inCall: false });
}
