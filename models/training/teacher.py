"""Stage 2: the teacher learns to judge pairs: the lower layers of all-MiniLM-L6-v2, as a
cross-encoder, fine-tuned on the labelled pairs."""
import os
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import metrics
import samples
from batching import DEVICE, by_length, pad
from minilm import HIDDEN, MiniLm
from progress import note
from tokenizer import Tokenizer

LONGEST_SIDE = 48
BATCH = 64
RATE = 8e-5
RULE_PAIRS = 20_000
MOST_STEPS = 2000
LAYERS = 4


class CrossEncoder(nn.Module):
    """[CLS] a [SEP] b [SEP] → the logit that one answer serves both."""

    def __init__(self, path):
        super().__init__()
        self.body = MiniLm(path, LAYERS)
        self.body.words.weight.requires_grad_(False)
        self.head = nn.Linear(HIDDEN, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids, mask, types, dropout=0.0):
        x = self.body(ids, mask, types, dropout)
        mean = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return self.head(mean)[:, 0]


class Judge:
    """Tokenises pairs, each text once, and runs the cross-encoder on them."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer(os.path.join(folder, "vocab.txt"))
        self.model = CrossEncoder(os.path.join(folder, "model.onnx")).to(DEVICE)
        self.rows = {}

    def row(self, text):
        if text not in self.rows:
            self.rows[text] = self.tokenizer.encode(text)[:LONGEST_SIDE]
        return self.rows[text]

    def logits(self, pairs, dropout=0.0):
        rows, first = [], []
        for a, b in pairs:
            a, b = self.row(a), self.row(b)
            rows.append(a + b[1:])
            first.append(len(a))
        ids, mask = pad(rows)
        types = (torch.arange(ids.shape[1], device=DEVICE)[None, :] >= torch.tensor(first, device=DEVICE)[:, None]).long()
        return self.model(ids, mask, types, dropout)

    def scores(self, pairs):
        """Logits of many pairs, in their order."""
        out = np.zeros(len(pairs), np.float32)
        self.model.eval()
        with torch.no_grad():
            for batch in by_length([len(self.row(a)) + len(self.row(b)) for a, b in pairs], 256):
                out[batch] = self.logits([pairs[i] for i in batch]).cpu().numpy()
        return out


def run(folder, teacher, work):
    target, checkpoint = os.path.join(work, "teacher.pt"), os.path.join(work, "teacher.checkpoint.pt")
    if os.path.exists(target):
        return
    torch.manual_seed(samples.SEED)
    rng = random.Random(samples.SEED)
    judge = Judge(teacher)
    train = samples.training(folder, RULE_PAIRS)
    _, validation = samples.labelled(folder)
    batches = by_length([len(judge.row(a)) + len(judge.row(b)) for a, b, _ in train], BATCH, rng)[:MOST_STEPS]
    watched = rng.sample(validation["quora_train"], min(3000, len(validation["quora_train"])))
    optimizer = torch.optim.AdamW((p for p in judge.model.parameters() if p.requires_grad), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.05 * len(batches)), (len(batches) - s) / (0.95 * len(batches))))
    first = 0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint, map_location=DEVICE)
        judge.model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        first = saved["step"]
    loss_sum = 0.0
    for step in range(first, len(batches)):
        judge.model.train()
        pairs = [train[i] for i in batches[step]]
        sides = [(a, b) if rng.random() < 0.5 else (b, a) for a, b, _ in pairs]
        loss = F.binary_cross_entropy_with_logits(
            judge.logits(sides, dropout=0.1), torch.tensor([float(label) for _, _, label in pairs], device=DEVICE))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(judge.model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        loss_sum += float(loss)
        if step % 100 == 99:
            note(work, "teacher", step + 1, total=len(batches), loss=loss_sum / 100)
            loss_sum = 0.0
        if step % 600 == 599 or step + 1 == len(batches):
            scores = judge.scores([(a, b) for a, b, _ in watched])
            labels = [label for _, _, label in watched]
            note(work, "teacher", step + 1, validation_ap=metrics.average_precision(scores, labels),
                 validation_accuracy=metrics.accuracy(scores, labels))
            torch.save({"model": judge.model.state_dict(), "optimizer": optimizer.state_dict(),
                        "schedule": schedule.state_dict(), "step": step + 1}, checkpoint)
    torch.save(judge.model.state_dict(), target)
