"""MiniLM's weights as a CTranslate2 int8 model, without torch.

The encoder is BERT's: post-norm, GELU, layer normalisation over the sum of word, token-type and position
embeddings. Sentence vectors are the mean over the real tokens, brought to length 1 (see `models.embedder`).
"""

import json
from pathlib import Path

import numpy as np
from ctranslate2.converters.utils import fuse_linear
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray
from safetensors.numpy import load_file

Weights = dict[str, NDArray[np.float32]]


def convert(source: Path, target: Path) -> None:
    """Turn `source` (model.safetensors, config.json, vocab.txt) into a CTranslate2 model in `target`."""
    config = json.loads((source / "config.json").read_text())
    spec = _spec(load_file(source / "model.safetensors"), config)
    spec.register_vocabulary((source / "vocab.txt").read_text().splitlines())
    spec.config.unk_token = "[UNK]"  # noqa: S105 - a token of the vocabulary
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    spec.validate()
    spec.optimize(quantization="int8")
    target.mkdir(parents=True, exist_ok=True)
    spec.save(str(target))


def _spec(weights: Weights, config: dict[str, int]) -> transformer_spec.TransformerEncoderModelSpec:
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
        layernorm_embedding=True,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for index, layer in enumerate(encoder.layer):
        _layer(layer, weights, f"encoder.layer.{index}")
    return transformer_spec.TransformerEncoderModelSpec(encoder, pooling_layer=False)


def _layer(layer: transformer_spec.TransformerEncoderLayerSpec, weights: Weights, name: str) -> None:
    projections = [common_spec.LinearSpec() for _ in range(3)]
    for projection, part in zip(projections, ("query", "key", "value"), strict=True):
        _linear(projection, weights, f"{name}.attention.self.{part}")
    fuse_linear(layer.self_attention.linear[0], projections)
    _linear(layer.self_attention.linear[1], weights, f"{name}.attention.output.dense")
    _norm(layer.self_attention.layer_norm, weights, f"{name}.attention.output.LayerNorm")
    _linear(layer.ffn.linear_0, weights, f"{name}.intermediate.dense")
    _linear(layer.ffn.linear_1, weights, f"{name}.output.dense")
    _norm(layer.ffn.layer_norm, weights, f"{name}.output.LayerNorm")


def _linear(spec: common_spec.LinearSpec, weights: Weights, name: str) -> None:
    spec.weight = weights[f"{name}.weight"]
    spec.bias = weights[f"{name}.bias"]


def _norm(spec: common_spec.LayerNormSpec, weights: Weights, name: str) -> None:
    spec.gamma = weights[f"{name}.weight"]
    spec.beta = weights[f"{name}.bias"]
