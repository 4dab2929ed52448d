"""The labelled pairs that verifier and teacher learn from: human labels, and pairs made by rule."""
import random

import data
from perturb import Perturber

# Most pairs taken of a set; questions to people and to machines should not drown in generated ones.
MOST = {"text2sql_train": 15_000, "overnight": 8_000, "simplequestions": 8_000, "pararel": 4_000,
        "tatoeba_pivot": 5_000, "rqe_train": 2_500}
LONGEST_WORDS = 45
SEED = 20261124


def labelled(folder):
    """Training and validation pairs by set."""
    train, validation = {}, {}
    for name in data.PAIR_SETS:
        train[name], validation[name] = data.split(data.pairs(folder, name), SEED)
    return train, validation


def by_rule(texts, positives, perturber, rng, count):
    """Pairs made by rule from single texts and from pairs that one answer serves."""
    made = []
    while len(made) < count:
        if rng.random() < 0.5:
            a = b = rng.choice(texts)
        else:
            a, b = rng.choice(positives)
        draw = rng.random()
        if draw < 0.62:
            changed = perturber.negative(b)
            if changed and rng.random() < 0.3:
                changed = perturber.positive(changed)
            label = 0
        else:
            changed, label = perturber.positive(b), 1
        if changed and len(changed.split()) <= LONGEST_WORDS:
            made.append((a, changed, label) if rng.random() < 0.5 else (changed, a, label))
    return made


def training(folder, rule_count):
    """(a, b, label) to train on, shuffled."""
    rng = random.Random(SEED)
    train, _ = labelled(folder)
    chosen = []
    for name, pairs in train.items():
        pairs = list(pairs)
        rng.shuffle(pairs)
        chosen += pairs[:MOST.get(name, len(pairs))]
    raw = [t for t in data.raw(folder) if len(t.split()) <= LONGEST_WORDS]
    questions = [a for a, _, _ in train["quora_train"]] + raw
    positives = [(a, b) for a, b, label in chosen if label == 1]
    chosen += by_rule(questions, positives, Perturber(questions, rng), rng, rule_count)
    chosen = [(a, b, label) for a, b, label in chosen if len(a.split()) + len(b.split()) <= 2 * LONGEST_WORDS]
    rng.shuffle(chosen)
    return chosen
