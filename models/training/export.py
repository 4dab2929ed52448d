"""Writes the trained models as ONNX with int8 token vectors (one scale a token), and the manifest beside them."""
import hashlib
import json
import os
import shutil

import torch
from torch import nn

OPSET = 13


class Int8Words(nn.Module):
    """An embedding table in int8."""

    def __init__(self, weight):
        super().__init__()
        scale = (weight.abs().max(1).values / 127).clamp(min=1e-12)
        self.register_buffer("scale", scale)
        self.register_buffer("table", (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8))

    def forward(self, ids):
        return self.table[ids].float() * self.scale[ids][:, :, None]


class ExportedEncoder(nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask):
        return self.encoder(input_ids, attention_mask.float())


def quantised(model):
    model.words = Int8Words(model.words.weight.detach())
    return model.eval()


def encoder(model, path):
    ids = torch.tensor([[2, 5, 6, 3], [2, 7, 3, 0]])
    torch.onnx.export(
        ExportedEncoder(model), (ids, (ids > 0).long()), path, opset_version=OPSET,
        input_names=["input_ids", "attention_mask"], output_names=["sentence_embedding"],
        dynamic_axes={"input_ids": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"},
                      "sentence_embedding": {0: "batch"}})


def verifier(model, features, path):
    a, b = torch.tensor([[2, 5, 6, 3], [2, 7, 3, 0]]), torch.tensor([[2, 5, 6, 8, 3], [2, 7, 3, 0, 0]])
    torch.onnx.export(
        model, (a, (a > 0).long(), b, (b > 0).long(), torch.zeros(2, features)), path, opset_version=OPSET,
        input_names=["asked_ids", "asked_mask", "stored_ids", "stored_mask", "features"],
        output_names=["probability"],
        dynamic_axes={"asked_ids": {0: "pairs", 1: "asked_tokens"}, "asked_mask": {0: "pairs", 1: "asked_tokens"},
                      "stored_ids": {0: "pairs", 1: "stored_tokens"}, "stored_mask": {0: "pairs", 1: "stored_tokens"},
                      "features": {0: "pairs"}, "probability": {0: "pairs"}})


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def manifest(folder, vocabulary, guards, settings):
    shutil.copyfile(vocabulary, os.path.join(folder, "vocab.txt"))
    files = [name for name in ("model.onnx", "vocab.txt", "verifier.onnx") if os.path.exists(os.path.join(folder, name))]
    # What export.encoder and export.verifier write is what the engine computes without ONNX Runtime.
    content = {**settings, "architecture": "static", "sha256": {name: sha256(os.path.join(folder, name)) for name in files}}
    if "verifier" in content:
        content["verifier"] = {"file": "verifier.onnx", "architecture": "static", "guards": guards,
                               **content["verifier"]}
    with open(os.path.join(folder, "manifest.json"), "w", encoding="utf-8") as out:
        json.dump(content, out, indent=2)
        out.write("\n")
