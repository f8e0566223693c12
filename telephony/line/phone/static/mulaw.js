// G.711 µ-law, both ways. Samples are floats from -1 to 1.

const BIAS = 0x84;
const CLIP = 32635;

const DECODED = Float32Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0xff;
  const magnitude = (((code & 0x0f) << 3) + BIAS) << ((code >> 4) & 7);
  const sample = magnitude - BIAS;
  return (code & 0x80 ? -sample : sample) / 32768;
});

export function decode(bytes) {
  return Float32Array.from(bytes, (byte) => DECODED[byte]);
}

export function encode(samples) {
  return Uint8Array.from(samples, encodeSample);
}

function encodeSample(sample) {
  let value = Math.max(-CLIP, Math.min(CLIP, Math.round(sample * 32768)));
  const sign = value < 0 ? 0x80 : 0;
  value = Math.abs(value) + BIAS;
  const exponent = Math.max(0, 24 - Math.clz32(value));
  const mantissa = (value >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
