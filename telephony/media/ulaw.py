"""G.711 µ-law as two table look-ups (ITU-T G.711)."""

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]

_BIAS = 0x84
_CLIP = 32635


def _decode_table() -> Pcm:
    code = ~np.arange(256, dtype=np.uint8)
    exponent = (code >> 4) & 0x07
    mantissa = (code & 0x0F).astype(np.int32)
    magnitude = (((mantissa << 3) + _BIAS) << exponent) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _encode_table() -> NDArray[np.uint8]:
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(samples), _CLIP) + _BIAS
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    codes: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return codes


_DECODE = _decode_table()
_ENCODE = _encode_table()


def decode(payload: bytes) -> Pcm:
    """µ-law bytes to int16 samples, one for one."""
    return _DECODE[np.frombuffer(payload, dtype=np.uint8)]


def encode(samples: Pcm) -> bytes:
    """int16 samples to µ-law bytes, one for one."""
    return _ENCODE[samples.view(np.uint16)].tobytes()
