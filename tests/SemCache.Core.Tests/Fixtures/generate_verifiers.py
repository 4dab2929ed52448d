#!/usr/bin/env python3
"""Makes the tiny verifiers in verifiers/: models whose probability a test can work out by hand.

What for: the .NET tests put one of them beside an encoder and check what the engine makes of its answers. Every one has
the inputs and the output of a real verifier; "similarity" below is the first column of `features`, "verdicts" are the
others, of which there may be any number.

How to run:  apt-get install python3-onnx python3-numpy
             /usr/bin/python3 generate_verifiers.py
Another run gives the same bytes.

similarity.onnx   similarity * (1 - the highest verdict)
tokens.onnx       1 / (1 + |sum of (id + 1) asked - the same of stored|), padding left out: 1 for equal tokens; shows
                  that ids and masks arrive. Takes exactly one column of features.
nan.onnx          a probability at similarity 0, which is what a trial run asks, and not a number above 0.5
beyond.onnx       2 * similarity: no probability above 0.5
failing.onnx      fails at any similarity above 0
slow.onnx         at any similarity above 0 multiplies matrices for a few hundred milliseconds, then answers 1
column.onnx       [pairs, 1] instead of [pairs]
"""
import pathlib

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

HERE = pathlib.Path(__file__).resolve().parent / "verifiers"
OPSET, IR_VERSION = 13, 8
ROUNDS, SIZE = 20_000, 64
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def constant(name, values, dtype):
    return numpy_helper.from_array(np.array(values, dtype), name)


CONSTANTS = [
    constant("zero_index", 0, np.int64), constant("one_id", 1, np.int64), constant("from_second", [1], np.int64),
    constant("to_end", [2**31], np.int64), constant("axis_1", [1], np.int64), constant("zero", 0, np.float32),
    constant("half", 0.5, np.float32), constant("one", 1, np.float32), constant("two", 2, np.float32),
    constant("only", [1], np.float32),
]
SIMILARITY = [helper.make_node("Gather", ["features", "zero_index"], ["similarity"], axis=1)]


def token_sum(side):
    return [
        # 0 is an id too: without the one, padding would count as nothing whatever the mask says.
        helper.make_node("Add", [f"{side}_ids", "one_id"], [f"{side}_counted"]),
        helper.make_node("Mul", [f"{side}_counted", f"{side}_mask"], [f"{side}_masked"]),
        helper.make_node("ReduceSum", [f"{side}_masked", "axis_1"], [f"{side}_sum_int"], keepdims=0),
        helper.make_node("Cast", [f"{side}_sum_int"], [f"{side}_sum"], to=FLOAT),
    ]


def slow_nodes():
    """A loop of ceil(similarity of the first pair) * ROUNDS rounds, each one product of two matrices."""
    body = helper.make_graph(
        [helper.make_node("MatMul", ["matrix_in", "unit"], ["matrix_out"]),
         helper.make_node("Identity", ["go_in"], ["go_out"])],
        "round",
        [helper.make_tensor_value_info("round_number", INT64, []),
         helper.make_tensor_value_info("go_in", TensorProto.BOOL, []),
         helper.make_tensor_value_info("matrix_in", FLOAT, [SIZE, SIZE])],
        [helper.make_tensor_value_info("go_out", TensorProto.BOOL, []),
         helper.make_tensor_value_info("matrix_out", FLOAT, [SIZE, SIZE])])
    return [
        helper.make_node("ReduceMax", ["similarity"], ["highest"], keepdims=0),
        helper.make_node("Ceil", ["highest"], ["any"]),
        helper.make_node("Mul", ["any", "rounds_float"], ["rounds_exact"]),
        helper.make_node("Cast", ["rounds_exact"], ["rounds"], to=INT64),
        helper.make_node("Loop", ["rounds", "", "unit"], ["product"], body=body),
        # The product is the unit matrix: its mean, SIZE times, is 1.
        helper.make_node("ReduceMean", ["product"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "size"], ["unity"]),
        helper.make_node("Mul", ["similarity", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "unity"], ["probability"]),
    ]


MODELS = {
    "similarity": [
        *SIMILARITY,
        helper.make_node("Slice", ["features", "from_second", "to_end", "axis_1"], ["verdicts"]),
        helper.make_node("Unsqueeze", ["similarity", "axis_1"], ["similarity_column"]),
        helper.make_node("Mul", ["similarity_column", "zero"], ["no_verdict"]),
        helper.make_node("Concat", ["no_verdict", "verdicts"], ["all_verdicts"], axis=1),
        helper.make_node("ReduceMax", ["all_verdicts"], ["worst"], axes=[1], keepdims=0),
        helper.make_node("Sub", ["one", "worst"], ["trust"]),
        helper.make_node("Mul", ["similarity", "trust"], ["probability"]),
    ],
    "tokens": [
        *token_sum("asked"), *token_sum("stored"),
        helper.make_node("Sub", ["asked_sum", "stored_sum"], ["signed"]),
        helper.make_node("Abs", ["signed"], ["difference"]),
        helper.make_node("Add", ["difference", "one"], ["divisor"]),
        helper.make_node("Div", ["one", "divisor"], ["probability"]),
    ],
    "nan": [
        *SIMILARITY,
        helper.make_node("Sub", ["half", "similarity"], ["below"]),
        helper.make_node("Sqrt", ["below"], ["probability"]),
    ],
    "beyond": [*SIMILARITY, helper.make_node("Mul", ["similarity", "two"], ["probability"])],
    "failing": [
        *SIMILARITY,
        helper.make_node("Ceil", ["similarity"], ["any"]),
        helper.make_node("Cast", ["any"], ["index"], to=INT64),
        helper.make_node("Gather", ["only", "index"], ["probability"]),
    ],
    "slow": [*SIMILARITY, *slow_nodes()],
    "column": [*SIMILARITY, helper.make_node("Unsqueeze", ["similarity", "axis_1"], ["probability"])],
}


def main():
    HERE.mkdir(exist_ok=True)
    for name, nodes in MODELS.items():
        columns = 1 if name == "tokens" else "columns"
        used = {i for node in nodes for i in node.input}
        constants = [c for c in CONSTANTS if c.name in used]
        if name == "slow":
            constants += [constant("unit", np.eye(SIZE), np.float32), constant("rounds_float", ROUNDS, np.float32),
                          constant("size", SIZE, np.float32)]
        graph = helper.make_graph(
            nodes, name,
            [*(helper.make_tensor_value_info(f"{side}_{what}", INT64, ["pairs", f"{side}_tokens"])
               for side in ("asked", "stored") for what in ("ids", "mask")),
             helper.make_tensor_value_info("features", FLOAT, ["pairs", columns])],
            [helper.make_tensor_value_info("probability", FLOAT, ["pairs", 1] if name == "column" else ["pairs"])],
            constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_operatorsetid("", OPSET)], ir_version=IR_VERSION, producer_name="")
        checker.check_model(model)
        (HERE / f"{name}.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    main()
