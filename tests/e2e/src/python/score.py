"""Scores by a model file alone, with Python's onnxruntime: whoever has the features needs nothing of Heed's.

Arguments: the model file. Reads from the standard input a JSON array of batches, {"turns", "bags", "grams", "numbers", "places", "weights", "values"}, the arrays
flat. Prints {"metadata", "batches": [{"logit": [...], "probability": [...]}]}.
"""

import json
import sys

import numpy
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])


def scores(batch):
    shape = (batch["turns"], batch["bags"], batch["grams"])
    inputs = {
        "places": numpy.array(batch["places"], numpy.int32).reshape(shape),
        "weights": numpy.array(batch["weights"], numpy.float32).reshape(shape),
        "numbers": numpy.array(batch["values"], numpy.float32).reshape(batch["turns"], batch["numbers"]),
    }
    logit, probability = session.run(["logit", "probability"], inputs)
    return {"logit": logit.ravel().tolist(), "probability": probability.ravel().tolist()}


batches = [scores(batch) for batch in json.load(sys.stdin)]
print(json.dumps({"metadata": session.get_modelmeta().custom_metadata_map, "batches": batches}))
