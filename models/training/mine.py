"""Stage 4: what the verifier learns from. Labelled pairs, pairs made by rule, and the pairs it will really see: nearest
neighbours in the encoder's space, which nobody labelled and the teacher judges."""
import json
import multiprocessing
import os
import random
import subprocess

import numpy as np
import torch

import data
import samples
from batching import DEVICE
from perturb import Perturber
from teacher import Judge

RULE_PAIRS = 110_000
NEIGHBOURS = 5
MINED_QUORA, MINED_OPEN, MINED_INTENTS = 95_000, 30_000, 18_000
INSTRUCTIONS_BY_RULE, MINED_INSTRUCTIONS, MIXED_IN = 45_000, 25_000, 100_000
UNLABELLED = -1
# Labelled by people, who err and disagree; labels of the other sets follow from how they were made.
HUMAN = ("quora_train", "parade_train", "rqe_train")
# How much of the teacher's opinion holds where nobody labelled. Near questions that people left alone are seldom the same:
# most of what is the same was labelled, and the teacher, who has only seen pairs that were worth asking about, believes in
# too many.
TRUSTED = {"near": 0.25, "open": 0.5, "intent": 1.0}
# The nearest neighbours are what a lookup brings before the verifier.
WEIGHTS = {"near": 2.0}


def neighbours(vectors, count):
    """Indices of the nearest others of every vector: [n, count]."""
    out = np.zeros((len(vectors), count), np.int64)
    for start in range(0, len(vectors), 2000):
        block = vectors[start:start + 2000] @ vectors.t()
        block[torch.arange(len(block)), torch.arange(start, start + len(block))] = -2
        out[start:start + len(block)] = block.topk(count).indices.numpy()
    return out


def mined(texts, vectors, count, rng, label):
    """Pairs of near texts; label(a, b) gives 1, 0 or UNLABELLED."""
    near = neighbours(vectors, NEIGHBOURS)
    found = {}
    for i in range(len(texts)):
        for j in near[i]:
            a, b = sorted((texts[i], texts[j]))
            if a.lower() != b.lower():
                found[a, b] = None
    pairs = list(found)
    rng.shuffle(pairs)
    return [(a, b, label(a, b)) for a, b in pairs[:count]]


def collect(folder, encode):
    """All (a, b, label, kind). encode turns texts into the encoder's vectors."""
    rng = random.Random(samples.SEED + 1)
    train, _ = samples.labelled(folder)
    labelled = [(a, b, label, "human" if name in HUMAN else "constructed") for name, pairs in train.items()
                for a, b, label in pairs[:samples.MOST.get(name, len(pairs))]]
    raw = [t for t in data.raw(folder) if len(t.split()) <= samples.LONGEST_WORDS]
    questions = [a for a, _, _ in train["quora_train"]] + raw
    positives = [(a, b) for a, b, label, _ in labelled if label == 1]
    ruled = samples.by_rule(questions, positives, Perturber(questions, rng), rng, RULE_PAIRS)

    same = data.Components()
    told = {}
    for a, b, label in train["quora_train"]:
        told[tuple(sorted((a, b)))] = label
        if label == 1:
            same.union(a, b)
    texts = sorted({t for a, b, _ in train["quora_train"] for t in (a, b)})
    near = [(a, b, 1 if same.find(a) == same.find(b) else UNLABELLED)
            for a, b, _ in mined(texts, encode(texts), MINED_QUORA, rng, lambda a, b: UNLABELLED)
            if (a, b) not in told]
    open_texts = raw[:90_000]
    unlabelled = mined(open_texts, encode(open_texts), MINED_OPEN, rng, lambda a, b: UNLABELLED)

    intents = []
    for name in data.CLASS_SETS:
        by_class = data.classes(folder, name)
        of = {t: c for c, members in by_class.items() for t in members}
        members = list(of)
        # The same intent is the same answer where intents are as fine as a bank's questions; elsewhere the teacher says.
        yes = 1 if name == "banking77_train" else UNLABELLED
        intents += mined(members, encode(members), MINED_INTENTS // len(data.CLASS_SETS), rng,
                         lambda a, b: yes if of[a] == of[b] else 0)
    return (labelled + [(*p, "rule") for p in ruled]
            + [(*p, "near") for p in near] + [(*p, "open") for p in unlabelled] + [(*p, "intent") for p in intents])


def instructions(folder, encode):
    """Pairs of instructions to machines: made by rule, and the nearest neighbours of one another. Many follow a template,
    so what is near is another task; nobody labelled them, and next to none are the same."""
    rng = random.Random(samples.SEED + 2)
    texts = [t for t in data.raw(folder, {"raw_llm_prompts": 12_000}) if len(t.split()) <= samples.LONGEST_WORDS]
    ruled = samples.by_rule(texts, [(t, t) for t in texts], Perturber(texts, rng), rng, INSTRUCTIONS_BY_RULE)
    near = mined(texts, encode(texts), MINED_INSTRUCTIONS, rng, lambda a, b: 0)
    return [(*p, "rule") for p in ruled] + [(*p, "instruction") for p in near]


def write(path, pairs):
    with open(path, "w", encoding="utf-8") as out:
        for a, b, label, *_ in pairs:
            out.write(json.dumps({"a": a, "b": b, "label": max(label, 0)}) + "\n")


def guards(command, path, out):
    """[n, guards]: what the product's own guards make of each pair, by `semcache guards`."""
    subprocess.run([*command, "guards", path, "--features", out], check=True, stdout=subprocess.DEVNULL)
    with open(out, encoding="utf-8") as lines:
        return np.array([json.loads(line)["guards"] for line in lines], np.float32)


def targets(pairs, teacher_logits):
    """What to learn: people's labels and the teacher's opinion in equal parts; where nobody labelled, some of the latter."""
    opinion = 1 / (1 + np.exp(-teacher_logits))
    out = np.zeros(len(pairs), np.float32)
    for i, (_, _, label, kind) in enumerate(pairs):
        if label == UNLABELLED:
            out[i] = TRUSTED[kind] * opinion[i]
        elif kind in ("rule", "constructed", "instruction"):
            out[i] = label
        else:
            out[i] = 0.5 * label + 0.5 * opinion[i]
    return out


def opinions(teacher_folder, weights, pairs):
    torch.set_num_threads(1)
    judge = Judge(teacher_folder)
    judge.model.load_state_dict(torch.load(weights, map_location=DEVICE))
    return judge.scores(pairs)


def judged(teacher_folder, work, pairs, processes):
    """The teacher's logit of every pair whose label does not follow from how it was made."""
    path = os.path.join(work, "teacher-logits.npy")
    if not os.path.exists(path):
        asked = [i for i, p in enumerate(pairs) if p[3] not in ("rule", "constructed")]
        parts = [asked[n::processes] for n in range(processes)]
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            results = pool.starmap(opinions, [(teacher_folder, os.path.join(work, "teacher.pt"),
                                               [pairs[i][:2] for i in part]) for part in parts])
        out = np.zeros(len(pairs), np.float32)
        for part, result in zip(parts, results):
            out[part] = result
        np.save(path, out)
    return np.load(path)
