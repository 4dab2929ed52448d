"""Stage 1: the teacher's vector of every training text; what the encoder learns to reproduce, and what mines pairs."""
import json
import os
import random

import numpy as np
import torch

import data
import samples
from batching import DEVICE, by_length, pad
from minilm import HIDDEN, MiniLm
from progress import note
from tokenizer import Tokenizer

LONGEST = 64
# Long texts cost the most and teach the least a token: only a share of them is embedded, the rows of others stay zero.
LONG, LONG_SHARE = 18, 0.25


def texts(folder):
    """Every text once: of the pairs, of the intents, and the unlabelled ones."""
    found = {}
    for name in data.PAIR_SETS:
        for a, b, _ in data.pairs(folder, name):
            found.setdefault(a), found.setdefault(b)
    for name in data.CLASS_SETS:
        for members in data.classes(folder, name).values():
            for text in members:
                found.setdefault(text)
    for text in data.raw(folder):
        found.setdefault(text)
    return list(found)


def run(folder, teacher, work):
    target = os.path.join(work, "teacher-vectors.npy")
    if os.path.exists(target):
        return
    all_texts = texts(folder)
    tokenizer = Tokenizer(os.path.join(teacher, "vocab.txt"))
    model = MiniLm(os.path.join(teacher, "model.onnx")).eval().to(DEVICE)
    rows = [tokenizer.encode(text)[:LONGEST] for text in all_texts]
    rng = random.Random(samples.SEED)
    chosen = [i for i, row in enumerate(rows) if len(row) <= LONG or rng.random() < LONG_SHARE]
    vectors = np.zeros((len(rows), HIDDEN), np.float16)
    done = 0
    with torch.no_grad():
        for batch in by_length([len(rows[i]) for i in chosen], 256):
            batch = [chosen[k] for k in batch]
            vectors[batch] = model.embed(*pad([rows[i] for i in batch])).cpu().numpy()
            done += len(batch)
            if done % 25_600 < 256:
                note(work, "teacher vectors", done, total=len(chosen))
    with open(os.path.join(work, "texts.json"), "w", encoding="utf-8") as out:
        json.dump(all_texts, out)
    np.save(target + ".tmp.npy", vectors)
    os.replace(target + ".tmp.npy", target)
