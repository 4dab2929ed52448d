"""Trains semcache-mini: encoder and verifier, from the training data to the model's folder. One command:

    python3 models/training/train.py --data DATA --teacher TEACHER --semcache "dotnet PATH/semcache.dll" --work WORK

Every stage leaves its result in the work folder and is skipped when it is there, so an interrupted run goes on where it
was. See README.md beside this file.
"""
import argparse
import os
import random
import shlex

import numpy as np
import torch

import calibrate
import embed_teacher
import encoder
import export
import mine
import samples
import teacher
import verifier
from batching import DEVICE

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", required=True, help="folder with train/ and raw/")
    arguments.add_argument("--teacher", required=True, help="folder with model.onnx and vocab.txt of all-MiniLM-L6-v2")
    arguments.add_argument("--semcache", required=True, help="the command `semcache`, for the features of its guards")
    arguments.add_argument("--vocabulary", default=os.path.join(HERE, "..", "semcache-mini", "vocab.txt"))
    arguments.add_argument("--work", required=True, help="folder for intermediate results")
    arguments.add_argument("--threads", type=int, default=1, help="threads of the arithmetic")
    arguments.add_argument("--processes", type=int, default=os.cpu_count(), help="processes of the teacher's judging")
    arguments.add_argument("--only", choices=("vectors", "teacher", "encoder"),
                           help="stop after this stage; stages beside each other may run in two processes")
    given = arguments.parse_args()
    os.makedirs(given.work, exist_ok=True)
    torch.set_num_threads(given.threads)
    if given.only != "teacher":
        embed_teacher.run(given.data, given.teacher, given.work)
    if given.only in ("teacher", None):
        teacher.run(given.data, given.teacher, given.work)
    if given.only in ("encoder", None):
        encoder.run(given.data, given.teacher, given.vocabulary, given.work)
    if given.only is None:
        learn_to_verify(given)


def learn_to_verify(given):
    trainer = encoder.Trainer(given.data, given.vocabulary, given.work)
    model = encoder.Encoder(len(trainer.tokenizer.tokens))
    model.load_state_dict(torch.load(os.path.join(given.work, "encoder.pt"), map_location="cpu"))
    quantised = export.quantised(model).to(DEVICE)
    vectors = {}

    def similarities(pairs):
        missing = sorted({t for p in pairs for t in p[:2] if t not in vectors})
        if missing:
            vectors.update(zip(missing, trainer.encode(quantised, missing)))
        return np.array([float(vectors[p[0]] @ vectors[p[1]]) for p in pairs], np.float32)

    def features(name, pairs):
        path = os.path.join(given.work, name + ".jsonl")
        mine.write(path, pairs)
        guards = mine.guards(shlex.split(given.semcache), path, os.path.join(given.work, name + ".guards.jsonl"))
        return np.concatenate([similarities(pairs)[:, None], guards], 1)

    pairs = mine.collect(given.data, lambda texts: trainer.encode(quantised, texts))
    logits = mine.judged(given.teacher, given.work, pairs, given.processes)

    def prepare(of_pairs, of_features, targets):
        return verifier.Pairs(trainer.row, [p[:2] for p in of_pairs], of_features, targets,
                              [mine.WEIGHTS.get(p[3], 1.0) for p in of_pairs])

    known, targets = features("pairs", pairs), mine.targets(pairs, logits)
    prepared = prepare(pairs, known, targets)
    held = {}
    for name, of_set in samples.labelled(given.data)[1].items():
        if any(label == 0 for _, _, label in of_set):
            held[name] = verifier.Pairs(trainer.row, [p[:2] for p in of_set], features("validation-" + name, of_set),
                                        np.array([p[2] for p in of_set], np.float32))
    words = quantised.words.table.float() * quantised.words.scale[:, None]
    judge = verifier.train(given.work, words, prepared, held)
    extra = mine.instructions(given.data, lambda texts: trainer.encode(quantised, texts))
    old = random.Random(samples.SEED).sample(range(len(pairs)), min(mine.MIXED_IN, len(pairs)))
    judge = verifier.refine(judge, prepare(
        [pairs[i] for i in old] + extra,
        np.concatenate([known[old], features("instructions", extra)]),
        np.concatenate([targets[old], np.array([p[2] for p in extra], np.float32)])))
    quora = held["quora_train"]
    verifier.fit_calibration(judge, verifier.scores_of(judge, quora), quora.targets.numpy())
    out = os.path.join(given.work, "model")
    os.makedirs(out, exist_ok=True)
    export.encoder(quantised.cpu(), os.path.join(out, "model.onnx"))
    export.verifier(export.quantised(judge), prepared.features.shape[1], os.path.join(out, "verifier.onnx"))
    calibrate.run(shlex.split(given.semcache), out, given.vocabulary,
                  os.path.join(given.work, "validation-quora_train.jsonl"))


if __name__ == "__main__":
    main()
