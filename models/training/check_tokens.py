"""Compares this folder's tokeniser with the engine's, token for token; exit code 1 when a text differs.

    python3 models/training/check_tokens.py --semcache "semcache" --model MODEL FILE.jsonl...
"""
import argparse
import json
import os
import shlex
import subprocess
import sys

from tokenizer import Tokenizer

SHOWN = 20


def texts(path):
    """The texts of a file in order: {"text"} has one a line, {"a", "b"} two."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if line.strip():
                fields = json.loads(line)
                yield from [fields["a"], fields["b"]] if "a" in fields else [fields["text"]]


def compare(command, model, tokenizer, path):
    """(texts compared, those that differ with the engine's ids)."""
    compared, different = 0, []
    with subprocess.Popen(
            [*command, "model", "tokens", model, path], stdout=subprocess.PIPE, text=True, encoding="utf-8") as engine:
        for text, line in zip(texts(path), engine.stdout, strict=True):
            compared += 1
            ids = json.loads(line)
            if ids != tokenizer.encode(text):
                different.append((text, ids))
    if engine.returncode:
        sys.exit(f"{shlex.join(engine.args)} ended with {engine.returncode}")
    return compared, different


def spelled(tokenizer, ids):
    return " ".join(tokenizer.tokens[i] for i in ids)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--semcache", required=True, help="the command `semcache`")
    arguments.add_argument("--model", required=True, help="folder of the model whose vocabulary both use")
    arguments.add_argument("files", nargs="+", metavar="FILE.jsonl")
    given = arguments.parse_args()

    tokenizer = Tokenizer(os.path.join(given.model, "vocab.txt"))
    compared, differences = 0, 0
    for path in given.files:
        count, different = compare(shlex.split(given.semcache), given.model, tokenizer, path)
        print(f"{path}: {count} texts, {len(different)} differ")
        for text, ids in different[:SHOWN]:
            print(f"  {text!r}")
            print(f"    engine   {spelled(tokenizer, ids)}")
            print(f"    training {spelled(tokenizer, tokenizer.encode(text))}")
        compared += count
        differences += len(different)
    print(f"all: {compared} texts, {differences} differ")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
