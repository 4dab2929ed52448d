"""all-MiniLM-L6-v2 in PyTorch, read from its ONNX file: the teacher of the small models."""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

HIDDEN, HEADS = 384, 12


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.attention_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, 4 * HIDDEN)
        self.down = nn.Linear(4 * HIDDEN, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, x, bias, dropout):
        n, t, _ = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        weights = torch.softmax(q @ k.transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5 + bias, -1)
        attended = (weights @ v).transpose(1, 2).reshape(n, t, HIDDEN)
        x = self.attention_norm(x + F.dropout(self.out(attended), dropout, self.training))
        return self.norm(x + F.dropout(self.down(F.gelu(self.up(x))), dropout, self.training))


class MiniLm(nn.Module):
    def __init__(self, path, layers=6):
        super().__init__()
        weights = _weights(path)
        self.words = nn.Embedding.from_pretrained(weights["embeddings.word_embeddings.weight"], freeze=False)
        self.positions = nn.Parameter(weights["embeddings.position_embeddings.weight"])
        self.types = nn.Parameter(weights["embeddings.token_type_embeddings.weight"])
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        _fill(self.norm, weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}."
            with torch.no_grad():
                layer.qkv.weight.copy_(torch.cat([weights[f"{at}attention.self.{p}.weight"] for p in ("query", "key", "value")]))
                layer.qkv.bias.copy_(torch.cat([weights[f"{at}attention.self.{p}.bias"] for p in ("query", "key", "value")]))
            _fill(layer.out, weights, at + "attention.output.dense")
            _fill(layer.attention_norm, weights, at + "attention.output.LayerNorm")
            _fill(layer.up, weights, at + "intermediate.dense")
            _fill(layer.down, weights, at + "output.dense")
            _fill(layer.norm, weights, at + "output.LayerNorm")

    def forward(self, ids, mask, types=None, dropout=0.0):
        x = self.words(ids) + self.positions[:ids.shape[1]]
        x = self.norm(x + (self.types[0] if types is None else self.types[types]))
        bias = ((1 - mask) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias, dropout)
        return x

    def embed(self, ids, mask):
        """Unit-length mean of the token vectors."""
        x = self(ids, mask) * mask[:, :, None]
        return F.normalize(x.sum(1), dim=-1)


def _weights(path):
    model = onnx.load(path)
    tensors = {t.name: torch.from_numpy(np.array(numpy_helper.to_array(t))) for t in model.graph.initializer}
    products = {n.output[0]: n.input[1] for n in model.graph.node if n.op_type == "MatMul" and n.input[1] in tensors}
    # Matrices lost their names at the export; the bias that is added to their product has kept its own.
    for node in model.graph.node:
        if node.op_type == "Add":
            for bias, product in (node.input, reversed(node.input)):
                if bias.endswith(".bias") and product in products:
                    tensors[bias[:-len("bias")] + "weight"] = tensors[products[product]].t().contiguous()
    return tensors


def _fill(module, weights, name):
    with torch.no_grad():
        module.weight.copy_(weights[name + ".weight"])
        module.bias.copy_(weights[name + ".bias"])
