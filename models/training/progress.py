"""Prints how training goes, and keeps it as JSON lines in the work folder: curves.jsonl."""
import json
import os
import time

_started = time.time()


def note(work, stage, step, **figures):
    line = {"stage": stage, "step": step, "seconds": round(time.time() - _started),
            **{name: round(float(value), 4) for name, value in figures.items()}}
    with open(os.path.join(work, "curves.jsonl"), "a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
    print(" ".join(f"{name} {value}" for name, value in line.items()), flush=True)
