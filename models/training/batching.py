"""Padding and batches of similar length, and the device that they go to."""
import torch

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def pad(rows, value=0):
    """int64 [n, t] and its float mask."""
    width = max(map(len, rows))
    ids = torch.full((len(rows), width), value, dtype=torch.int64)
    mask = torch.zeros(len(rows), width)
    for i, row in enumerate(rows):
        ids[i, :len(row)] = torch.tensor(row)
        mask[i, :len(row)] = 1
    return ids.to(DEVICE), mask.to(DEVICE)


def by_length(lengths, size, rng=None):
    """Batches of indices whose items are about equally long; in random order when a generator is given."""
    jitter = rng.random if rng else (lambda: 0.0)
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + 3 * jitter())
    batches = [order[i:i + size] for i in range(0, len(order), size)]
    if rng:
        rng.shuffle(batches)
    return batches
