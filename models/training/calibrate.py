"""Stage 6: the manifest. The engine itself, run over the validation pairs, says which bar keeps which error rate."""
import json
import subprocess

import export

ERROR_RATES = "0.001,0.002,0.005,0.01,0.02,0.05,0.1"
STATIC_ERROR_RATE = "0.01"
# Exit code of `semcache calibrate` when the data is too small for some of the rates: the others stand.
NOT_PROVED = 9
SETTINGS = {
    "name": "semcache-mini",
    "dimension": 256,
    "window": 32,
    "pooling": "none",
    "normalize": True,
    "lowerCase": True,
    "queryPrefix": "",
    "licence": "Apache-2.0",
    "source": "models/semcache-mini/README.md",
}
VERIFIER = {"floor": 0.6, "certain": 2, "candidates": 3}


def guard_names(semcache, pairs):
    """The guards in the order of the verifier's features."""
    return [guard["name"] for guard in _json([*semcache, "guards", pairs, "--json"])["guards"]]


def run(semcache, folder, vocabulary, pairs):
    """Writes the manifest of the exported model in the folder."""
    guards = guard_names(semcache, pairs)
    anything = [{"maxErrorRate": 1, "probability": 0}]
    export.manifest(folder, vocabulary, guards, SETTINGS | {"verifier": VERIFIER | {"errorRates": anything}})
    calibrate = [*semcache, "calibrate", pairs, "--model", folder, "--holdout", "0"]
    table = _json([*calibrate, "--table", ERROR_RATES, "--json"])
    threshold = _json([*calibrate, "--max-error", STATIC_ERROR_RATE, "--json"])["thresholds"][0]["bar"]
    export.manifest(folder, vocabulary, guards,
                    SETTINGS | {"threshold": threshold, "verifier": VERIFIER | {"errorRates": table}})


def _json(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in (0, NOT_PROVED):
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return json.loads(done.stdout)
