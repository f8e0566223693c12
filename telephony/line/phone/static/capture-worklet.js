// The microphone, from the browser's rate to frames of 160 samples at 8 kHz.
// A windowed sinc both keeps out what 8 kHz cannot hold and finds the value between two samples.

const RATE = 8000;
const FRAME = 160;
const HALF_WIDTH = 16; // zero crossings on each side
const CUTOFF = 3600;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE;
    this.reach = Math.ceil((HALF_WIDTH * sampleRate) / (2 * CUTOFF));
    this.history = new Float32Array(0);
    this.position = this.reach;
    this.frame = new Float32Array(FRAME);
    this.filled = 0;
  }

  process(inputs) {
    const input = inputs[0][0];
    if (!input) return true;
    this.append(input);
    while (this.position + this.reach < this.history.length) {
      this.emit(this.valueAt(this.position));
      this.position += this.step;
    }
    const done = Math.floor(this.position) - this.reach;
    if (done > 0) {
      this.history = this.history.slice(done);
      this.position -= done;
    }
    return true;
  }

  append(input) {
    const joined = new Float32Array(this.history.length + input.length);
    joined.set(this.history);
    joined.set(input, this.history.length);
    this.history = joined;
  }

  valueAt(position) {
    const ratio = (2 * CUTOFF) / sampleRate;
    const first = Math.ceil(position - this.reach);
    const last = Math.floor(position + this.reach);
    let sum = 0;
    for (let index = first; index <= last; index += 1) {
      const distance = index - position;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / this.reach);
      sum += this.history[index] * sinc(distance * ratio) * ratio * window;
    }
    return sum;
  }

  emit(value) {
    this.frame[this.filled] = value;
    this.filled += 1;
    if (this.filled === FRAME) {
      this.port.postMessage(this.frame.slice());
      this.filled = 0;
    }
  }
}

function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

registerProcessor("capture", Capture);
