#!/usr/bin/env python3
"""Makes the tiny BERT models of this folder, and the vectors a test expects of them.

What for: the .NET tests load these models as the product loads a real encoder (ONNX Runtime and a WordPiece tokenizer)
and compare token ids and sentence vectors with tiny-bert-expected.json. Those were computed here, by PyTorch and by the
tokenizer below, so nothing of the .NET side is in them. The models are standard BERT encoders, very small and with
random weights: their vectors mean nothing.

How to run:  apt-get install python3-torch python3-onnx python3-numpy
             /usr/bin/python3 generate_tiny_bert.py
It writes next to itself: tiny-bert-{mean,cls,sentence,prefix}/ with model.onnx, vocab.txt and manifest.json, and
tiny-bert-expected.json. Another run with the same PyTorch on the same kind of processor gives the same bytes; elsewhere
the last digits of a vector may differ (by about 1e-7).

To keep the files small, the weights are numbers that half precision holds exactly, and the large ones are stored so,
followed by a Cast to float32. All arithmetic is float32.
"""
import hashlib
import json
import math
import pathlib
import string
import unicodedata

import numpy as np
import onnx
import torch
from onnx import checker, helper, numpy_helper
from torch import nn
import torch.nn.functional as F

HERE = pathlib.Path(__file__).resolve().parent
SEED, LAYERS, HIDDEN, HEADS, INTERMEDIATE, WINDOW = 20240229, 2, 32, 4, 64, 64

# name: (inputs, pooling as in the manifest, query prefix)
THREE = ["input_ids", "attention_mask", "token_type_ids"]
MODELS = {
    "tiny-bert-mean": (THREE, "mean", ""),
    "tiny-bert-cls": (THREE[:2], "cls", ""),
    "tiny-bert-sentence": (THREE, "none", ""),
    "tiny-bert-prefix": (THREE, "mean", "query: "),
}

WORDS = """the a of and to in is it for on with as was are be this that by from at or an not can how what why when
where who which do does did i you we they my your our their there here if then than more most some any all no yes one
two three first last new old good bad great long short time day year people country capital city world water house
school work home book word question answer query document text search cache server model language computer program
code data number file user name password reset account change open close start stop run make get set find use help
need want know think weather today tomorrow rain sun hot cold price cost buy sell order food tea coffee bread music
cafe deja vu naive france paris test inter play read write child man woman hand east west north south""".split()
PIECES = "ing ed er est ly s es tion ment able al ic ness ity ive ize ous ful less en re un nation".split()
OTHER = ["\u2019", "\u201c", "\u201d", "\u2014", "\u2026", "\u00bf", "\u3002", "\u4e2d", "\u6587", "\u65e5"]

TEXTS = [
    "What is the capital of France?", "How do I reset my password?", "Tea", "?", "x",
    "how can i change the password of my account", "Where can you buy good coffee and bread in Paris?",
    "WHY IS THE SERVER NOT RUNNING TODAY?!", "Café, déjà vu; NAÏVE cafés.",
    "Cafe\u0301 de\u0301ja\u0300 vu: the same word, written with combining marks",
    "It cost 12 in 1999, 3.50 in 2024 and 1,000,000 tomorrow.",
    "e-mail me at user.name@example.com (or not): a/b, c_d, #1, 50% & more* [see \"here\"] {x}\\y",
    "Is a+b = c, x<y or x>y in C++? It cost $5 | ~10^2 `code`, \u20ac7 and 20\u00b0",
    "don't stop, it's the user's file; that isn't one of ours!",
    "The \u201cold\u201d house\u2014the user\u2019s\u2014was sold\u2026 \u00bfwhy?",
    "I want coffee \u2615 and music \U0001f3b5 today\U0001f600",
    "\u4e2d\u6587 question: \u65e5\u672c\u3002", "code\u4e2d\u6587text\u6f22",
    "\u041f\u0440\u0438\u0432\u0435\u0442 world, stra\u00dfe and \u03ba\u03cc\u03c3\u03bc\u03bf\u03c2",
    "internationalization unhelpfulness rereading zyxwv",
    "  spaces\tand\nnew lines,\r\n  a\u00a0hard space   ",
    "test" + 24 * "tion" + " is a word of 100 letters", "test" + 24 * "tion" + "s is one of 101",
    "[hello] UPPER lower MiXeD CaSe wOrDs \u00c5NGSTR\u00d6M",
    "The weather in the city was cold and it did rain all day, so we stayed at home with a book and some hot "
    "tea; then the sun was there for the first time in a year, and people from all of the country did want to "
    "know why.",
    "How do I make a program that can read a text file, find the most used word, and write the answer to a "
    "file? I know how to open and close one, but not what to do when the file is too long for the computer. "
    "Any help is good!",
]


def is_punctuation(c):
    o = ord(c)
    return 33 <= o <= 47 or 58 <= o <= 64 or 91 <= o <= 96 or 123 <= o <= 126 or unicodedata.category(c)[0] == "P"


def is_cjk(c):
    return any(low <= ord(c) <= high for low, high in (
        (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
        (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)))


def basic_tokens(text):
    """BERT's basic tokenizer, uncased."""
    clean = []
    for c in text:
        if c in " \t\n\r" or unicodedata.category(c) == "Zs":
            clean.append(" ")
        elif c != "\ufffd" and unicodedata.category(c)[0] != "C":
            clean.append(f" {c} " if is_cjk(c) else c)
    lowered = unicodedata.normalize("NFD", "".join(clean).lower())
    stripped = (c for c in lowered if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if is_punctuation(c) else c for c in stripped).split()


def word_pieces(word, ids):
    """WordPiece: the longest piece first; a word that does not come out whole is [UNK]."""
    pieces, start = [], 0
    while start < len(word) <= 100:
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in ids:
                break
        else:
            return [ids["[UNK]"]]
        pieces.append(ids[piece])
        start = end
    return pieces or [ids["[UNK]"]]


def tokenize(text, ids):
    return [ids["[CLS]"], *(p for word in basic_tokens(text) for p in word_pieces(word, ids)), ids["[SEP]"]]


def vocabulary():
    letters = string.ascii_lowercase + string.digits
    return list(dict.fromkeys([
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.punctuation, *letters, *OTHER, *WORDS,
        *("##" + c for c in letters), *("##" + p for p in PIECES)]))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.attention_output = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.attention_norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.intermediate = nn.Linear(HIDDEN, INTERMEDIATE)
        self.output = nn.Linear(INTERMEDIATE, HIDDEN)
        self.output_norm = nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, x, additive_mask, batch, tokens):
        query, key, value = (
            project(x).reshape(batch, tokens, HEADS, HIDDEN // HEADS).transpose(1, 2)
            for project in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) / math.sqrt(HIDDEN // HEADS) + additive_mask
        context = (torch.softmax(scores, dim=-1) @ value).transpose(1, 2).reshape(batch, tokens, HIDDEN)
        x = self.attention_norm(x + self.attention_output(context))
        return self.output_norm(x + self.output(F.gelu(self.intermediate(x))))


class Bert(nn.Module):
    def __init__(self, vocab_size):
        super().__init__()
        self.word = nn.Embedding(vocab_size, HIDDEN)
        self.position = nn.Embedding(WINDOW, HIDDEN)
        self.token_type = nn.Embedding(2, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        random = np.random.RandomState(SEED)  # NumPy's own stream: the same in every version
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                values = random.normal(0.0, 0.2, tuple(parameter.shape))
                values += 1.0 if name.endswith("norm.weight") else 0.0
                parameter.copy_(torch.from_numpy(values.astype(np.float16).astype(np.float32)))

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        token_type_ids = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        batch, tokens = input_ids.shape
        positions = torch.arange(tokens).unsqueeze(0)
        x = self.norm(self.word(input_ids) + self.position(positions) + self.token_type(token_type_ids))
        additive_mask = (1.0 - attention_mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
        for layer in self.layers:
            x = layer(x, additive_mask, batch, tokens)
        return x


def pool_mean(hidden, attention_mask):
    mask = attention_mask.unsqueeze(-1).float()
    return (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)


class Sentence(nn.Module):  # mean pooling and L2 normalisation inside the graph
    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask, token_type_ids):
        return F.normalize(pool_mean(self.bert(input_ids, attention_mask, token_type_ids), attention_mask), dim=-1)


def export(bert, inputs, pooling, path):
    axes = {0: "batch", 1: "tokens"}
    output, module = ("sentence_embedding", Sentence(bert)) if pooling == "none" else ("last_hidden_state", bert)
    dynamic = {**{name: axes for name in inputs}, output: {0: "batch"} if pooling == "none" else axes}
    torch.onnx.export(
        module.eval(), tuple(torch.ones(2, 7, dtype=torch.int64) for _ in inputs), str(path), opset_version=13,
        input_names=inputs, output_names=[output], do_constant_folding=True, dynamic_axes=dynamic)
    model = onnx.load(str(path))
    casts, kept = [], {output, *inputs, *(weight.name for weight in model.graph.initializer)}
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype == np.float32 and values.size >= 512:
            half, name = values.astype(np.float16), weight.name
            assert np.array_equal(half.astype(np.float32), values), name
            weight.CopyFrom(numpy_helper.from_array(half, name + ".half"))
            kept.add(weight.name)
            casts.append(helper.make_node("Cast", [weight.name], [name], to=onnx.TensorProto.FLOAT))
    nodes, short = casts + list(model.graph.node), {}
    for node in nodes:
        node.doc_string = node.name = ""
        for names in (node.input, node.output):  # the exporter's long names are a third of the file
            names[:] = [n if not n or n in kept else short.setdefault(n, f"t{len(short)}") for n in names]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.output[0].type.tensor_type.shape.dim[-1].dim_value = HIDDEN  # said outright, not left symbolic
    checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def vector(bert, tokens, pooling):
    ids, mask = torch.tensor([tokens]), torch.ones(1, len(tokens), dtype=torch.int64)
    with torch.no_grad():
        hidden = bert(ids, mask)
        pooled = F.normalize(hidden[:, 0] if pooling == "cls" else pool_mean(hidden, mask), dim=-1)
    return [float(str(x)) for x in pooled[0].numpy()]  # the shortest digits that read back as the same float32


def main():
    torch.set_num_threads(1)
    vocab = vocabulary()
    ids = {token: i for i, token in enumerate(vocab)}
    bert = Bert(len(vocab)).eval()
    expected = {}
    for name, (inputs, pooling, prefix) in MODELS.items():
        folder = HERE / name
        folder.mkdir(exist_ok=True)
        export(bert, inputs, pooling, folder / "model.onnx")
        (folder / "vocab.txt").write_bytes(("\n".join(vocab) + "\n").encode())
        manifest = {
            "name": name, "dimension": HIDDEN, "window": WINDOW, "pooling": pooling, "normalize": True,
            "lowerCase": True, "queryPrefix": prefix, "licence": "Apache-2.0",
            "source": "tests/SemCache.Core.Tests/Fixtures/generate_tiny_bert.py",
            "sha256": {f: hashlib.sha256((folder / f).read_bytes()).hexdigest() for f in ("model.onnx", "vocab.txt")},
        }
        (folder / "manifest.json").write_bytes((json.dumps(manifest, indent=2) + "\n").encode())
        cases = expected[name] = []
        for text in TEXTS:
            tokens = tokenize(prefix + text, ids)
            assert len(tokens) <= WINDOW, (len(tokens), text)
            cases.append({"text": text, "tokens": tokens, "vector": vector(bert, tokens, pooling)})
    rows = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]" for name, cases in expected.items())
    (HERE / "tiny-bert-expected.json").write_bytes(("{\n" + rows + "\n}\n").encode())


if __name__ == "__main__":
    main()
