"""Figures that training watches."""
import numpy as np


def average_precision(scores, labels):
    """Area under the precision-recall curve, as a step function; ties share one step."""
    scores, labels = np.asarray(scores, np.float64), np.asarray(labels, np.float64)
    order = np.argsort(-scores, kind="stable")
    scores, hits = scores[order], np.cumsum(labels[order])
    last = np.append(np.nonzero(np.diff(scores))[0], len(scores) - 1)
    precision, recall = hits[last] / (last + 1), hits[last] / hits[-1]
    return float(np.sum(np.diff(np.append(0.0, recall)) * precision))


def accuracy(scores, labels, bar=0.0):
    return float(np.mean((np.asarray(scores) >= bar) == (np.asarray(labels) > 0.5)))
