"""A Piper voice cut in two, so that it can speak before it has rendered the whole sentence.

The encoder turns phonemes into frames and runs once a sentence; the generator turns frames into sound and needs
only a few frames around those it renders. The cut goes through the tensor that feeds the generator's first
convolution, which every VITS export of Piper names alike.
"""

from pathlib import Path

import onnx
from onnx.utils import Extractor

ENCODER, GENERATOR = "encoder.onnx", "generator.onnx"
FIRST_CONVOLUTION = "dec/conv_pre/Conv"


class VoiceLayoutError(ValueError):
    """The voice has no place where it can be cut."""


def split(source: Path, target: Path) -> None:
    """Write `encoder.onnx` and `generator.onnx` into `target`, made from the voice `source`.

    Raises:
        VoiceLayoutError: the graph does not look like Piper's.
    """
    voice = onnx.load(str(source))
    seam = _seam(voice)
    extractor = Extractor(voice)
    inputs = [value.name for value in voice.graph.input]
    outputs = [value.name for value in voice.graph.output]
    onnx.save(extractor.extract_model(inputs, [seam]), str(target / ENCODER))
    onnx.save(extractor.extract_model([seam], outputs), str(target / GENERATOR))


def _seam(voice: onnx.ModelProto) -> str:
    for node in voice.graph.node:
        if node.name.endswith(FIRST_CONVOLUTION):
            return str(node.input[0])
    raise VoiceLayoutError(f"no node of the voice is named …{FIRST_CONVOLUTION}: it is not a Piper voice")
