"""TF-IDF and logistic regression the way one would write them with scikit-learn: the reference of the `love-quality` bench.

Reads from the standard input one JSON: {"texts": [[text, ...], ...], "labels": [...], "tells": "logits" or "classes", "rounds": [{"learn": [...], "test": [...]}, ...]},
texts by answer, each text a field with grams of its own. Prints of each round's test the logits of the label 1, or the class where each class is as important as another.
"""

import json
import sys

from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

GRAMS = [{"analyzer": "word", "ngram_range": (1, 2)}, {"analyzer": "char_wb", "ngram_range": (2, 5)}]

task = json.load(sys.stdin)
texts, labels = task["texts"], task["labels"]


def features(learn, test):
    """Of both lists of answers, in idf and vocabulary of the first alone."""
    learned, tested = [], []
    for field in range(len(texts[0])):
        for grams in GRAMS:
            vectors = TfidfVectorizer(sublinear_tf=True, min_df=2, **grams)
            try:
                learned.append(vectors.fit_transform(texts[n][field] for n in learn))
            except ValueError:  # nothing in this field comes twice
                continue
            tested.append(vectors.transform(texts[n][field] for n in test))
    return hstack(learned).tocsr(), hstack(tested).tocsr()


def scores(learn, test):
    learned, tested = features(learn, test)
    weight = "balanced" if task["tells"] == "classes" else None
    model = LogisticRegression(C=1.0, max_iter=1000, class_weight=weight).fit(learned, [labels[n] for n in learn])
    return (model.predict if weight else model.decision_function)(tested).tolist()


print(json.dumps([scores(one["learn"], one["test"]) for one in task["rounds"]]))
