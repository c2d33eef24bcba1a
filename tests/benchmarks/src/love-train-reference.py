"""Logistic regression on features that were read and weighed already: scikit-learn's two solvers and Vowpal Wabbit, each timed alone, one thread."""

import json
import os
import sys
import time

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import roc_auc_score

folder, columns, numbers, strength = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])


def say(step):
    print(f"love-train: {step}", file=sys.stderr, flush=True)


def read(part):
    def column(name, kind):
        return np.fromfile(os.path.join(folder, f"{part}.{name}"), dtype=kind)

    rows = len(column("labels", np.uint8))
    grams = sp.csr_matrix(
        (column("weights", np.float32), column("places", np.int32), column("starts", np.int64)), shape=(rows, columns)
    )
    values = sp.csr_matrix(column("values", np.float32).reshape(rows, numbers))
    return sp.hstack([grams, values], format="csr").astype(np.float64), column("labels", np.uint8)


def timed(model):
    began = time.perf_counter()
    model.fit(rows, labels)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "auroc": roc_auc_score(test_labels, model.decision_function(test_rows))}


def write_text(path, matrix, classes):
    with open(path, "w") as out:
        for row, label in enumerate(classes):
            begin, end = matrix.indptr[row], matrix.indptr[row + 1]
            pairs = zip(matrix.indices[begin:end].tolist(), matrix.data[begin:end].tolist())
            out.write(f"{1 if label else -1} | " + " ".join(f"{place}:{weight:.5g}" for place, weight in pairs) + "\n")


def vowpal_wabbit():
    try:
        from vowpalwabbit import Workspace
    except ImportError:
        return None
    train, test, cache = (os.path.join(folder, name) for name in ("train.vw", "test.vw", "train.cache"))
    predictions = os.path.join(folder, "test.predictions")
    model = os.path.join(folder, "model.vw")
    say("writing Vowpal Wabbit's text")
    write_text(train, rows, labels)
    write_text(test, test_rows, test_labels)
    began = time.perf_counter()
    Workspace(
        f"-d {train} --cache_file {cache} -k --passes 3 --holdout_off --loss_function logistic -b 20 -f {model} --quiet"
    ).finish()
    seconds = time.perf_counter() - began
    Workspace(f"-t -i {model} -d {test} -p {predictions} --quiet").finish()
    return {"seconds": seconds, "auroc": roc_auc_score(test_labels, np.loadtxt(predictions))}


rows, labels = read("train")
test_rows, test_labels = read("test")
say("scikit-learn, liblinear")
found = {"liblinear": timed(LogisticRegression(solver="liblinear", C=strength))}
say("scikit-learn, SGD")
found["sgd"] = timed(
    SGDClassifier(loss="log_loss", alpha=1 / (strength * len(labels)), random_state=7, max_iter=20, tol=1e-3)
)
say("Vowpal Wabbit")
found["vw"] = vowpal_wabbit()
print(json.dumps(found))
