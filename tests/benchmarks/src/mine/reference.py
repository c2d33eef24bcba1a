"""The same mining as `heed mine`, the way one would write it with pandas and SciPy: the reference of the `mine` bench.

Usage: reference.py FOLDER   (the arrays that load-files.ts writes)
Prints one line of JSON: seconds of each stage, and the proposals as pairs of wordings.

It is spared what a first version would also pay for: states come as integer codes, not as texts; and the expensive solve is
done only for sources that have a pair past every other gate, since the gates do not depend on it.
"""

import json
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import betainc, gammaln

SESSIONS, USERS, EXPLORATION, SIMILARITY = 5, 3, 0.5, float(sys.argv[2])
BATCH = 64
MASS_LEFT = 1e-3
NEXT_TO_NOTHING = 1e-12

folder = Path(sys.argv[1])
start = np.fromfile(folder / "start.bin", "<u4")
state = np.fromfile(folder / "states.bin", "<u4").astype(np.int64)
end = np.fromfile(folder / "end.bin", "u1")
explored = np.fromfile(folder / "explored.bin", "u1")
user = np.fromfile(folder / "user.bin", "<u4")
day = np.fromfile(folder / "day.bin", "<u2")
wordings = (folder / "wordings.txt").read_text().split("\n")
states = len(wordings)
seconds = {}


def timed(stage, run):
    began = time.perf_counter()
    result = run()
    seconds[stage] = time.perf_counter() - began
    return result


session = np.repeat(np.arange(len(end)), np.diff(start.astype(np.int64)))
is_last = np.zeros(len(state), bool)
is_last[start[1:].astype(np.int64) - 1] = True


def count(turns):
    """Sessions taking each step of these turns, as (from, to, times): each session once, by a combined integer key."""
    steps = turns[~is_last[turns]]
    taken = pd.DataFrame({"session": session[steps], "key": state[steps] * states + state[steps + 1]})
    keys = taken.drop_duplicates()["key"]
    counts = keys.groupby(keys, sort=True).size()
    return counts.index.to_numpy() // states, counts.index.to_numpy() % states, counts.to_numpy(float)


def absorbing_chain(origin, target, times):
    last = state[is_last]
    well = np.bincount(last[end == 1], minlength=states).astype(float)
    visits = np.bincount(origin, times, states) + np.bincount(last, minlength=states)
    q = sparse.csr_matrix((times / visits[origin], (origin, target)), (states, states))
    return q, visits, well


def pairs_with_evidence():
    """Sessions that went from a state on to end at another, by pair, past the gates on evidence."""
    turns = pd.DataFrame({"session": session[~is_last], "source": state[~is_last]}).drop_duplicates()
    turns["target"] = state[is_last][turns["session"]]
    turns = turns[turns["source"] != turns["target"]]
    key = turns["source"] * states + turns["target"]
    often = key.groupby(key).transform("size") >= SESSIONS
    turns = turns[often].assign(user=lambda t: user[t["session"]], explored=lambda t: explored[t["session"]])
    pairs = turns.groupby(["source", "target"]).agg(
        sessions=("session", "size"), users=("user", "nunique"), explored=("explored", "mean")
    )
    return pairs[(pairs["users"] >= USERS) & (pairs["explored"] <= EXPLORATION)].reset_index()


@lru_cache(maxsize=None)
def letter_pairs(text):
    counts = {}
    for k in range(len(text) - 1):
        counts[text[k : k + 2]] = counts.get(text[k : k + 2], 0) + 1
    return counts


def dice(a, b):
    both = sum(min(times, b.get(pair, 0)) for pair, times in a.items())
    return 2 * both / max(1, sum(a.values()) + sum(b.values()))


def coverage(words, others):
    said = sum(len(w) * max(dice(letter_pairs(f"^{w}$"), letter_pairs(f"^{o}$")) for o in others) for w in words)
    return said / sum(map(len, words))


def similarity(a, b):
    words, others = wordings[a].split(), wordings[b].split()
    forth, back = coverage(words, others), coverage(others, words)
    by_words = 2 * forth * back / (forth + back) if forth + back else 0
    return max(by_words, dice(letter_pairs("".join(words)), letter_pairs("".join(others))))


def chance_not_better(pairs, visits, well):
    """P(success of target <= success of source) for Beta posteriors; Gauss-Legendre over the narrower of the two."""
    a, b, c, d = (
        1 + count[pairs[role]]
        for role in ("source", "target")
        for count in (well, visits - well)
    )
    deviation = lambda a, b: np.sqrt(a * b / (a + b) ** 2 / (a + b + 1))
    swap = deviation(c, d) < deviation(a, b)
    a, b, c, d = np.where(swap, c, a), np.where(swap, d, b), np.where(swap, a, c), np.where(swap, b, d)
    mean, reach = a / (a + b), 12 * deviation(a, b)
    low, high = np.clip(mean - reach, 0, 1), np.clip(mean + reach, 0, 1)
    nodes, weights = np.polynomial.legendre.leggauss(128)
    x = low[:, None] + (high - low)[:, None] * (nodes + 1) / 2
    log = gammaln(a + b) - gammaln(a) - gammaln(b)
    density = np.exp(log[:, None] + (a - 1)[:, None] * np.log(x) + (b - 1)[:, None] * np.log1p(-x)) * weights
    chance = (density * betainc(c[:, None], d[:, None], x)).sum(1) / density.sum(1)
    return np.where(swap, 1 - chance, chance)


def best_targets(q, well, visits, sources, mass_left):
    """
    argmax_j N_ij R_j for these sources: rows of N by power iteration, a batch at a time, until little mass is left.

    Also whether that settles it: what is left can add at most itself to any N_ij R_j, as N_kj R_j, the chance to end well at
    j from anywhere, is 1 at most. A lead that is smaller than that may still turn.
    """
    ends_well = np.divide(well, visits, out=np.zeros(states), where=visits > 0)
    transposed = q.T.tocsr()
    best = np.empty(len(sources), np.int64)
    settled = np.empty(len(sources), bool)
    for at in range(0, len(sources), BATCH):
        batch = sources[at : at + BATCH]
        mass = np.zeros((states, len(batch)))
        mass[batch, np.arange(len(batch))] = 1
        total = mass.copy()
        while mass.sum(0).max() > mass_left:
            mass = transposed @ mass
            total += mass
        total *= ends_well[:, None]
        total[batch, np.arange(len(batch))] = 0
        first = total.argmax(0)
        lead = total[first, np.arange(len(batch))]
        total[first, np.arange(len(batch))] = 0
        best[at : at + BATCH] = first
        settled[at : at + BATCH] = lead - total.max(0) > mass.sum(0)
    return best, settled


counts = timed("counts", lambda: count(np.arange(len(state))))
timed("oneDay", lambda: count(np.flatnonzero(np.repeat(day == 0, np.diff(start.astype(np.int64))))))
q, visits, well = timed("chain", lambda: absorbing_chain(*counts))
pairs = timed("evidence", pairs_with_evidence)


def gated():
    better = pairs[chance_not_better(pairs, visits, well) < 0.05]
    alike = [similarity(a, b) >= SIMILARITY for a, b in zip(better["source"], better["target"])]
    return better[alike]


pairs = timed("gates", gated)
sources = pairs["source"].unique()
best, settled = timed("solve", lambda: best_targets(q, well, visits, sources, MASS_LEFT))
# Not timed, as a reference may be content with less: near ties are told apart, so that the proposals can be compared.
best[~settled], _ = best_targets(q, well, visits, sources[~settled], NEXT_TO_NOTHING)
best = dict(zip(sources, best))
proposals = [[wordings[a], wordings[b]] for a, b in zip(pairs["source"], pairs["target"]) if best[a] == b]
print(json.dumps({"seconds": seconds, "sources": len(sources), "proposals": proposals}))
