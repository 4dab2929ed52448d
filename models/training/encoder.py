"""Stage 3: the sentence encoder. Token vectors and pooled trigram features, added up and normalised."""
import json
import os
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import data
import metrics
import samples
from batching import DEVICE, by_length, pad
from minilm import MiniLm
from progress import note
from tokenizer import Tokenizer

DIMENSION, TRIGRAMS = 256, 256
LONGEST = 48
DISTILL_EPOCHS, DISTILL_BATCH = 3, 512
PAIR_STEPS, PAIR_BATCH = 3000, 144
TEMPERATURE = 0.05


class Encoder(nn.Module):
    """s = Σ x_t + U Σ relu(W [x_{t-1}, x_t, x_{t+1}] + b), brought to unit length; [CLS] and [SEP] mark the ends."""

    def __init__(self, tokens):
        super().__init__()
        self.words = nn.Embedding(tokens, DIMENSION)
        self.trigrams = nn.Linear(3 * DIMENSION, TRIGRAMS)
        self.up = nn.Linear(TRIGRAMS, DIMENSION, bias=False)

    def token_vectors(self, ids, mask):
        return self.words(ids) * mask[:, :, None]

    def forward(self, ids, mask):
        x = self.token_vectors(ids, mask)
        around = torch.cat([F.pad(x, (0, 0, 1, 0))[:, :-1], x, F.pad(x, (0, 0, 0, 1))[:, 1:]], -1)
        features = (F.relu(self.trigrams(around)) * mask[:, :, None]).sum(1)
        return F.normalize(x.sum(1) + self.up(features), dim=-1)


def initial(tokenizer, counts, teacher, teacher_tokenizer, projection):
    """Token vectors to begin with: the teacher's vector of each token, weighted by rarity (SIF, Arora et al. 2017)."""
    rows = [teacher_tokenizer.encode(token[2:] if token.startswith("##") else token) for token in tokenizer.tokens]
    vectors = torch.zeros(len(rows), DIMENSION)
    with torch.no_grad():
        for batch in by_length([len(row) for row in rows], 512):
            vectors[batch] = teacher.embed(*pad([rows[i] for i in batch])).cpu() @ projection.cpu()
        share = counts / counts.sum()
        weights = 1e-3 / (1e-3 + share)
        return F.normalize(vectors, dim=-1) * weights[:, None]


class Trainer:
    def __init__(self, folder, vocabulary, work):
        self.folder, self.work = folder, work
        self.tokenizer = Tokenizer(vocabulary)
        with open(os.path.join(work, "texts.json"), encoding="utf-8") as texts:
            self.texts = json.load(texts)
        self.index = {text: i for i, text in enumerate(self.texts)}
        self.rows = [self.tokenizer.encode(text)[:LONGEST] for text in self.texts]
        vectors = torch.from_numpy(np.load(os.path.join(work, "teacher-vectors.npy"))).float()
        sample = vectors[torch.randperm(len(vectors), generator=torch.Generator().manual_seed(1))[:60_000]]
        _, _, v = torch.linalg.svd(sample.t() @ sample)
        self.projection = v[:DIMENSION].t().contiguous()
        self.targets = F.normalize(vectors @ self.projection, dim=-1).to(DEVICE)
        self.taught = vectors.abs().sum(1).nonzero()[:, 0].tolist()
        self.counts = torch.zeros(len(self.tokenizer.tokens))
        for row in self.rows:
            for token in row:
                self.counts[token] += 1

    def row(self, text):
        at = self.index.get(text)
        return self.rows[at] if at is not None else self.tokenizer.encode(text)[:LONGEST]

    def encode(self, model, texts):
        model.eval()
        out = []
        with torch.no_grad():
            for start in range(0, len(texts), 512):
                out.append(model(*pad([self.row(t) for t in texts[start:start + 512]])).cpu())
        model.train()
        return torch.cat(out)

    def dropped(self, rows, rng, share):
        """Rows with some tokens left out, so that no word alone carries a sentence."""
        return [[t for k, t in enumerate(row) if k in (0, len(row) - 1) or rng.random() >= share] for row in rows]


def distill(trainer, model, rng):
    """The student reproduces the teacher's vectors, projected to its dimension by principal components."""
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    lengths = [len(trainer.rows[i]) for i in trainer.taught]
    total = DISTILL_EPOCHS * (len(lengths) // DISTILL_BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.02, 1 - s / total))
    step = 0
    for _ in range(DISTILL_EPOCHS):
        for batch in by_length(lengths, DISTILL_BATCH, rng):
            chosen = [trainer.taught[k] for k in batch]
            vectors = model(*pad(trainer.dropped([trainer.rows[i] for i in chosen], rng, 0.05)))
            targets = trainer.targets[chosen]
            # Each vector as the teacher has it, and the similarities among them as the teacher sees them.
            loss = (1 - (vectors * targets).sum(1)).mean() + 5 * F.mse_loss(vectors @ vectors.t(), targets @ targets.t())
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step % 200 == 0:
                note(trainer.work, "encoder distill", step, total=total, loss=loss)


def grouped(model, rows, groups=6):
    """The vectors of rows of mixed lengths, run in groups of similar length: most of one wide batch would be padding."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    size = -(-len(rows) // groups)
    vectors = torch.cat([model(*pad([rows[i] for i in order[k:k + size]])) for k in range(0, len(rows), size)])
    place = torch.empty(len(rows), dtype=torch.int64)
    place[order] = torch.arange(len(rows))
    return vectors[place.to(DEVICE)]


def pair_pool(folder):
    """Positive pairs by set with their weight in a batch, and labelled pairs for ranking."""
    train, validation = samples.labelled(folder)
    rng = random.Random(samples.SEED)
    positives = {name: [(a, b) for a, b, label in pairs if label == 1] for name, pairs in train.items()}
    for name in data.CLASS_SETS:
        made = []
        for members in data.classes(folder, name).values():
            made += [tuple(rng.sample(members, 2)) for _ in range(6 * len(members)) if len(members) > 1]
        positives[name] = made
    weights = {name: min(len(pairs), 30_000) for name, pairs in positives.items()}
    weights["quora_train"] = 60_000
    ranked = [p for name, pairs in train.items() for p in pairs[:samples.MOST.get(name, len(pairs))]]
    return positives, weights, ranked, validation["quora_train"]


def ranking(similarities, labels):
    """CoSENT: every pair with label 1 should be more similar than every pair with label 0."""
    s = similarities * 20
    ahead = s[None, :] - s[:, None]
    wrong = (labels[:, None] > labels[None, :]).float()
    return torch.logsumexp(torch.cat([torch.zeros(1, device=DEVICE), (ahead - (1 - wrong) * 1e12).flatten()]), 0)


def contrast(trainer, model, rng):
    """In-batch contrast over pairs that one answer serves, ranking over labelled pairs, and the teacher as an anchor."""
    positives, weights, ranked, validation = pair_pool(trainer.folder)
    names, share = list(weights), list(weights.values())
    watched = [(a, b, label) for a, b, label in validation][:5000]
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / 200) * max(0.02, 1 - s / PAIR_STEPS))
    for step in range(PAIR_STEPS):
        name = rng.choices(names, share)[0]
        near = [rng.choice(positives[name]) for _ in range(PAIR_BATCH)]
        labelled = [rng.choice(ranked) for _ in range(PAIR_BATCH)]
        anchors = rng.choices(trainer.taught, k=PAIR_BATCH)
        texts = [a for a, _ in near] + [b for _, b in near] + [a for a, _, _ in labelled] + [b for _, b, _ in labelled]
        rows = trainer.dropped([trainer.row(t) for t in texts], rng, 0.12) + [trainer.rows[i] for i in anchors]
        vectors = grouped(model, rows)
        a, b, c, d, e = vectors.split(PAIR_BATCH)
        logits = a @ b.t() / TEMPERATURE
        # Two pairs of one batch may ask the same thing: what the teacher finds alike is no negative.
        same = trainer.targets[[trainer.index[t] for t, _ in near]]
        logits = logits.masked_fill((same @ same.t() > 0.85) & ~torch.eye(PAIR_BATCH, dtype=torch.bool, device=DEVICE), -1e4)
        goal = torch.arange(PAIR_BATCH, device=DEVICE)
        labels = torch.tensor([float(label) for _, _, label in labelled], device=DEVICE)
        loss = ((F.cross_entropy(logits, goal) + F.cross_entropy(logits.t(), goal)) / 2
                + ranking((c * d).sum(1), labels)
                + 4 * (1 - (e * trainer.targets[anchors]).sum(1)).mean())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 250 == 249:
            figures = {"loss": loss}
            if step % 1000 == 999:
                x, y = (trainer.encode(model, [p[side] for p in watched]) for side in (0, 1))
                figures["validation_ap"] = metrics.average_precision((x * y).sum(1).numpy(), [p[2] for p in watched])
            note(trainer.work, "encoder pairs", step + 1, total=PAIR_STEPS, **figures)


def run(folder, teacher, vocabulary, work):
    target, distilled = os.path.join(work, "encoder.pt"), os.path.join(work, "encoder.distilled.pt")
    if os.path.exists(target):
        return
    torch.manual_seed(samples.SEED)
    rng = random.Random(samples.SEED)
    trainer = Trainer(folder, vocabulary, work)
    model = Encoder(len(trainer.tokenizer.tokens)).to(DEVICE)
    if os.path.exists(distilled):
        model.load_state_dict(torch.load(distilled, map_location=DEVICE))
    else:
        model.words.weight.data = initial(
            trainer.tokenizer, trainer.counts, MiniLm(os.path.join(teacher, "model.onnx")).eval().to(DEVICE),
            Tokenizer(os.path.join(teacher, "vocab.txt")), trainer.projection).to(DEVICE)
        nn.init.normal_(model.up.weight, std=0.02)
        distill(trainer, model, rng)
        torch.save(model.state_dict(), distilled)
    contrast(trainer, model, rng)
    torch.save(model.state_dict(), target)
