// The far end, from 8 kHz to the browser's rate. Frames wait a little, so that a late one is not heard;
// when too many wait, the oldest are dropped, so that the delay does not grow.

const RATE = 8000;
const START = 640; // samples to gather before playing: 80 ms
const MOST = 2400; // 300 ms

class Playback extends AudioWorkletProcessor {
  constructor() {
    super();
    this.queue = new Float32Array(0);
    this.position = 0;
    this.playing = false;
    this.port.onmessage = (event) => this.append(event.data);
  }

  append(samples) {
    const left = this.queue.subarray(Math.floor(this.position));
    const joined = new Float32Array(left.length + samples.length);
    joined.set(left);
    joined.set(samples, left.length);
    this.position -= Math.floor(this.position);
    this.queue = joined.length > MOST ? joined.slice(joined.length - START) : joined;
  }

  process(_inputs, outputs) {
    const output = outputs[0][0];
    if (!this.playing) this.playing = this.queue.length - this.position > START;
    if (!this.playing) return true;
    const step = RATE / sampleRate;
    for (let index = 0; index < output.length; index += 1) {
      if (this.position + 3 >= this.queue.length) {
        this.playing = false;
        break;
      }
      output[index] = cubic(this.queue, this.position);
      this.position += step;
    }
    return true;
  }
}

// Catmull-Rom through the four samples around a position.
function cubic(queue, position) {
  const at = Math.floor(position);
  const t = position - at;
  const [a, b, c, d] = [queue[Math.max(0, at - 1)], queue[at], queue[at + 1], queue[at + 2]];
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

registerProcessor("playback", Playback);
