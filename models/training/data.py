"""The labelled pairs and texts of the training data, and the split that keeps validation apart."""
import json
import os
import random

# Every pair set that the model is trained on; SOURCES.md of the data folder names licences. lcquad1 (GPL) is left out.
PAIR_SETS = ("quora_train", "text2sql_train", "overnight", "simplequestions", "pararel", "nl2bash", "rqe_train",
             "tatoeba_pivot", "parade_train", "conala_train")
CLASS_SETS = ("banking77_train", "clinc150_train", "hwu64_train")

# Unlabelled texts, without MS MARCO and the sets for non-commercial use only.
RAW_SETS = {"raw_open_qa_questions": 45_000, "raw_wikianswers_wellformedness": 25_000, "raw_simple_questions": 12_000,
            "raw_table_questions": 12_000, "raw_llm_prompts": 12_000}
FREE_LLM_SOURCES = ("self-instruct", "arena-hard", "mt_bench", "bfcl", "apibench", "oasst", "gpteacher", "gsm8k",
                    "awesome")

VALIDATION_SHARE = 0.06


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def pairs(folder, name):
    """(a, b, label) of a pair set."""
    return [(p["a"], p["b"], p["label"]) for p in read(os.path.join(folder, "train", name + ".jsonl"))]


def classes(folder, name):
    """Texts by class of an intent set, without what is out of scope."""
    by_class = {}
    for query in read(os.path.join(folder, "train", name + ".jsonl")):
        if query["intent"] != "oos":
            by_class.setdefault(query["intent"], []).append(query["text"])
    return by_class


def raw(folder, sets=RAW_SETS):
    """A sample of unlabelled texts."""
    texts = []
    for name, count in sets.items():
        lines = read(os.path.join(folder, "raw", name + ".jsonl"))
        if name == "raw_llm_prompts":
            lines = [line for line in lines if any(s in line.get("src", "") for s in FREE_LLM_SOURCES)]
        random.Random(name).shuffle(lines)
        texts += [line["text"] for line in lines[:count]]
    return texts


class Components:
    """Connected components of texts (union-find)."""

    def __init__(self):
        self.parent = {}

    def find(self, text):
        parent = self.parent
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    def union(self, a, b):
        self.parent[self.find(a)] = self.find(b)


def split(all_pairs, seed):
    """Training and validation pairs; no text of one is in the other, for whole components are drawn."""
    components = Components()
    for a, b, _ in all_pairs:
        components.union(a, b)
    roots = sorted({components.find(a) for a, _, _ in all_pairs})
    random.Random(seed).shuffle(roots)
    sizes = {}
    for a, _, _ in all_pairs:
        root = components.find(a)
        sizes[root] = sizes.get(root, 0) + 1
    held, room = set(), VALIDATION_SHARE * len(all_pairs)
    for root in roots:
        if sizes[root] <= room:
            held.add(root)
            room -= sizes[root]
    train = [p for p in all_pairs if components.find(p[0]) not in held]
    validation = [p for p in all_pairs if components.find(p[0]) in held]
    return train, validation
