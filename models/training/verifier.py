"""Stage 5: the verifier. Reads two prompts token by token, aligns them, compares what was aligned, and says how likely
one answer serves both. After decomposable attention (Parikh et al. 2016, arXiv 1606.01933), with trigram context."""
import os
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import metrics
import samples
from batching import DEVICE, by_length, pad
from encoder import DIMENSION
from progress import note

LEXICAL, CONTEXT, QUERY, COMPARED, HEAD = 96, 192, 128, 200, 128
EPOCHS, BATCH, RATE, WORD_RATE = 3, 384, 1.2e-3, 2e-4
DROPOUT = 0.1
AVERAGED_SHARE = 0.2
FORGOTTEN = 0.15
REFINED = 0.4
# Chosen on validation questions, and on instructions with one word replaced. Not learned with the rest: labelled pairs are chosen to be alike, so they teach
# that similarity says little; among whatever is near in a cache it says much.
SIMILARITY_WEIGHT = 0.7
KNOTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
LEAST_RISE = 0.002


class Verifier(nn.Module):
    def __init__(self, tokens, features):
        super().__init__()
        self.words = nn.Embedding(tokens, DIMENSION)
        self.lexical = nn.Linear(DIMENSION, LEXICAL, bias=False)
        self.context = nn.Linear(3 * DIMENSION, CONTEXT)
        self.query = nn.Linear(LEXICAL + CONTEXT, QUERY)
        self.compare = nn.Linear(4 * (LEXICAL + CONTEXT), COMPARED)
        self.hidden = nn.Linear(4 * COMPARED + features, HEAD)
        self.out = nn.Linear(HEAD, 1)
        # Calibration, fitted on validation pairs after training: Platt scaling, then a rising line through heights.
        self.register_buffer("scale", torch.ones(1))
        self.register_buffer("shift", torch.zeros(1))
        self.register_buffer("heights", torch.tensor(KNOTS))

    def read(self, ids, mask):
        x = self.words(ids) * mask[:, :, None]
        around = torch.cat([F.pad(x, (0, 0, 1, 0))[:, :-1], x, F.pad(x, (0, 0, 0, 1))[:, 1:]], -1)
        return torch.cat([self.lexical(x), F.relu(self.context(around))], -1)

    def compared(self, z, aligned, mask):
        v = F.relu(self.compare(torch.cat([z, aligned, (z - aligned).abs(), z * aligned], -1)))
        v = F.dropout(v, DROPOUT, self.training) * mask[:, :, None]
        return torch.cat([v.max(1).values, v.sum(1) / mask.sum(1, keepdim=True)], -1)

    def logit(self, asked, asked_mask, stored, stored_mask, features):
        a, b = self.read(asked, asked_mask), self.read(stored, stored_mask)
        a, b = F.dropout(a, DROPOUT, self.training), F.dropout(b, DROPOUT, self.training)
        scores = self.query(a) @ self.query(b).transpose(1, 2) * QUERY ** -0.5
        to_b = torch.softmax(scores + (1 - stored_mask)[:, None, :] * -1e4, -1) @ b
        to_a = torch.softmax(scores.transpose(1, 2) + (1 - asked_mask)[:, None, :] * -1e4, -1) @ a
        of_a, of_b = self.compared(a, to_b, asked_mask), self.compared(b, to_a, stored_mask)
        # Symmetric: which of the two was stored first does not matter.
        pooled = torch.cat([of_a + of_b, (of_a - of_b).abs(), features], -1)
        hidden = F.dropout(F.relu(self.hidden(pooled)), 2 * DROPOUT, self.training)
        return self.out(hidden)[:, 0]

    def score(self, asked, asked_mask, stored, stored_mask, features):
        """The logit, and the odds of the similarity beside it: of two that read alike the nearer one is right."""
        similarity = features[:, 0].clamp(0.001, 0.9999)
        odds = torch.log(similarity / (1 - similarity))
        return self.logit(asked, asked_mask, stored, stored_mask, features) + SIMILARITY_WEIGHT * odds

    def forward(self, asked, asked_mask, stored, stored_mask, features):
        score = self.score(asked, asked_mask.float(), stored, stored_mask.float(), features)
        return self.calibrated(torch.sigmoid(score * self.scale + self.shift))

    def calibrated(self, p):
        knots = torch.tensor(KNOTS)
        widths, rises = knots[1:] - knots[:-1], self.heights[1:] - self.heights[:-1]
        return self.heights[0] + (torch.minimum((p[:, None] - knots[:-1]).clamp(min=0), widths) * (rises / widths)).sum(1)


class Pairs:
    """Pairs with their features and targets, as batches of tensors."""

    def __init__(self, encode, pairs, features, targets, weights=None):
        rows = {}
        for a, b in pairs:
            for text in (a, b):
                if text not in rows:
                    rows[text] = encode(text)
        self.rows = [(rows[a], rows[b]) for a, b in pairs]
        self.features, self.targets = torch.tensor(features), torch.tensor(targets)
        self.weights = torch.ones(len(pairs)) if weights is None else torch.tensor(weights)

    def batches(self, size, rng=None):
        return by_length([len(a) + len(b) for a, b in self.rows], size, rng)

    def inputs(self, chosen):
        asked, asked_mask = pad([self.rows[i][0] for i in chosen])
        stored, stored_mask = pad([self.rows[i][1] for i in chosen])
        return asked, asked_mask, stored, stored_mask, self.features[chosen].to(DEVICE)


def scores_of(model, pairs):
    out = np.zeros(len(pairs.rows), np.float32)
    model.eval()
    with torch.no_grad():
        for chosen in pairs.batches(512):
            out[chosen] = model.score(*pairs.inputs(chosen)).cpu().numpy()
    model.train()
    return out


def fit_calibration(model, scores, labels):
    """Scale and shift by maximum likelihood (Platt 1999), then the heights."""
    scores, labels = torch.from_numpy(scores), torch.tensor(labels).float()
    scale, shift = torch.ones(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([scale, shift], max_iter=100)

    def loss():
        optimizer.zero_grad()
        value = F.binary_cross_entropy_with_logits(scores * scale + shift, labels)
        value.backward()
        return value

    optimizer.step(loss)
    model.scale.copy_(scale.detach())
    model.shift.copy_(shift.detach())
    fit_heights(model, torch.sigmoid(scores * model.scale.cpu() + model.shift.cpu()).numpy(), labels.numpy())


def fit_heights(model, probabilities, labels):
    """The line through the knots that is nearest to the labels by least squares, made to rise from knot to knot."""
    hats = np.stack([np.interp(probabilities, KNOTS, unit) for unit in np.eye(len(KNOTS))], 1)
    heights = np.linalg.lstsq(np.concatenate([hats, np.eye(len(KNOTS))]),
                              np.concatenate([labels, KNOTS]), rcond=None)[0]
    heights = np.maximum.accumulate(np.clip(heights, 0, 1 - LEAST_RISE * len(KNOTS)))
    model.heights.copy_(torch.from_numpy((heights + LEAST_RISE * np.arange(len(KNOTS))).astype(np.float32)))


def train(work, encoder_words, prepared, validation):
    """prepared: Pairs to learn from; validation: Pairs by set, with hard labels. Returns the averaged model."""
    target, checkpoint = os.path.join(work, "verifier.pt"), os.path.join(work, "verifier.checkpoint.pt")
    torch.manual_seed(samples.SEED)
    rng = random.Random(samples.SEED)
    model = Verifier(encoder_words.shape[0], prepared.features.shape[1]).to(DEVICE)
    model.words.weight.data.copy_(encoder_words)
    model.words.weight.data *= 1 / model.words.weight.data.norm(dim=-1).mean()
    if os.path.exists(target):
        model.load_state_dict(torch.load(target, map_location=DEVICE))
        return model.cpu()
    words = [model.words.weight]
    rest = [p for n, p in model.named_parameters() if n != "words.weight"]
    optimizer = torch.optim.AdamW([{"params": words, "lr": WORD_RATE, "weight_decay": 0.0},
                                   {"params": rest, "lr": RATE, "weight_decay": 0.01}])
    total = EPOCHS * len(prepared.batches(BATCH))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / 300) * max(0.03, 1 - s / total))
    averaged, count, step, running = None, 0, 0, 0.0
    done_epochs = 0
    if os.path.exists(checkpoint):
        saved = torch.load(checkpoint, map_location=DEVICE)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        step, done_epochs = saved["step"], saved["epochs"]
    for epoch in range(done_epochs, EPOCHS):
        for chosen in prepared.batches(BATCH, rng):
            loss = loss_of(model, prepared, chosen)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 2.0)
            optimizer.step()
            schedule.step()
            running += float(loss)
            step += 1
            if step % 100 == 0:
                note(work, "verifier", step, total=total, loss=running / 100)
                running = 0.0
            if step > (1 - AVERAGED_SHARE) * total and step % 20 == 0:
                state = {k: v.clone() for k, v in model.state_dict().items()}
                averaged = state if averaged is None else {k: averaged[k] + state[k] for k in state}
                count += 1
        for name, pairs in validation.items():
            watch(work, f"verifier epoch {epoch + 1} {name}", step, model, pairs)
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(), "step": step, "epochs": epoch + 1}, checkpoint)
    model.load_state_dict({k: v / count for k, v in averaged.items()})
    for name, pairs in validation.items():
        watch(work, f"verifier averaged {name}", step, model, pairs)
    torch.save(model.state_dict(), target)
    return model.cpu()


def refine(model, pairs):
    """One more pass, at a fraction of the rate, over pairs of other kinds with the old ones mixed in."""
    torch.manual_seed(samples.SEED)
    rng = random.Random(samples.SEED)
    model = model.to(DEVICE).train()
    words = [model.words.weight]
    rest = [p for n, p in model.named_parameters() if n != "words.weight"]
    optimizer = torch.optim.AdamW([{"params": words, "lr": REFINED * WORD_RATE, "weight_decay": 0.0},
                                   {"params": rest, "lr": REFINED * RATE, "weight_decay": 0.01}])
    batches = pairs.batches(BATCH, rng)
    for step, chosen in enumerate(batches):
        for group, rate in zip(optimizer.param_groups, (WORD_RATE, RATE)):
            group["lr"] = REFINED * rate * min(1.0, (step + 1) / 50) * (1 - step / len(batches))
        loss = loss_of(model, pairs, chosen)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(rest, 2.0)
        optimizer.step()
        if step % 50 == 49:
            print(f"verifier refine step {step + 1} total {len(batches)} loss {float(loss):.4f}", flush=True)
    return model.cpu()


def loss_of(model, pairs, chosen):
    asked, asked_mask, stored, stored_mask, features = pairs.inputs(chosen)
    # Guards can be switched off: the verifier must do without any of them.
    features[:, 1:] *= (torch.rand_like(features[:, 1:]) >= FORGOTTEN).float()
    scores = model.logit(asked, asked_mask, stored, stored_mask, features)
    return F.binary_cross_entropy_with_logits(scores, pairs.targets[chosen].to(DEVICE), pairs.weights[chosen].to(DEVICE))


def watch(work, what, step, model, pairs):
    scores, labels = scores_of(model, pairs), pairs.targets.numpy()
    note(work, what, step, ap=metrics.average_precision(scores, labels), accuracy=metrics.accuracy(scores, labels))
