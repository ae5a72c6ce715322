#!/usr/bin/env python3
"""Compare what a deskstat binary prints with expected.csv, figure by figure.

    python compare.py EXPECTED BINARY DIR [--only METRIC,METRIC] [--keys week]

Prints each disagreement beyond 1e-9 (of the greater of 1 and the value), and exits with 1 if there is any. Metrics that the binary
does not list are "not there yet" and skipped.

`table -f csv` prints six decimals at most, which is all that can be compared by channel and by week; totals that agree so far are then
held to 1e-9 by `--fail-if`, which sees the raw values.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

PRINTED = 5.000001e-7  # half of the sixth decimal
HOLDS = 4  # the exit code where a --fail-if holds


def run(binary, *args):
    done = subprocess.run([binary, *args], capture_output=True, text=True, check=False)
    if done.returncode not in (0, HOLDS):
        sys.exit(f"{binary} {' '.join(args)}\n{done.stderr}")
    return done


def table(binary, folder, columns, *args):
    return run(binary, "table", str(folder), "-q", "--no-progress", "--metrics", ",".join(columns), "-f", "csv", *args)


def known_columns(binary):
    rows = json.loads(run(binary, "list", "metrics", "-f", "json").stdout)["rows"]
    return [column for row in rows for column in row["columns"].split()]


def printed(binary, folder, columns, by):
    args = [] if by == "total" else ["--by", by]
    found = {}
    for row in csv.DictReader(io.StringIO(table(binary, folder, columns, "--period", "all", *args).stdout)):
        key = row.pop(by) if by != "total" else ""
        for column, value in row.items():
            found[(column, key)] = value
    return found


def agree(expected, got):
    if expected == "" or got == "":
        return expected == got
    expected, got = float(expected), float(got)
    return abs(expected - got) <= near(expected) + PRINTED


def near(expected):
    return 1e-9 * max(1.0, abs(expected))


def beyond(binary, folder, rows):
    """Those of the totals whose raw value lies beyond 1e-9 of what is expected."""
    conditions = []
    for row in rows:
        value = float(row["value"])
        # A share cannot be asked to be more than all.
        above = value if value == 1 else value + near(value)
        for sign, edge in [("<", value - near(value)), (">", above)]:
            conditions += ["--fail-if", f"{row['metric']}{sign}{edge:.15f}"]
    columns = [row["metric"] for row in rows]
    if not rows or table(binary, folder, columns, "--period", "all", *conditions).returncode != HOLDS:
        return []
    half = len(rows) // 2
    return rows if not half else beyond(binary, folder, rows[:half]) + beyond(binary, folder, rows[half:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("expected", type=Path)
    parser.add_argument("binary")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="columns that begin with one of these")
    parser.add_argument("--keys", default="", help="total, channel or week")
    args = parser.parse_args()
    with open(args.expected, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if args.only:
        rows = [row for row in rows if row["metric"].startswith(tuple(args.only.split(",")))]
    if args.keys:
        rows = [row for row in rows if row["by"] in args.keys.split(",")]
    there = known_columns(args.binary)
    wanted = list(dict.fromkeys(row["metric"] for row in rows))
    missing = [metric for metric in wanted if metric not in there]
    columns = [metric for metric in wanted if metric in there] if args.only else there
    if not columns:
        sys.exit("nothing to compare")
    compared, unexpected = 0, Counter()
    by_metric = defaultdict(list)
    for by in dict.fromkeys(row["by"] for row in rows):
        found = printed(args.binary, args.folder, columns, by)
        totals = []
        for row in rows:
            if row["by"] != by or row["metric"] not in there:
                continue
            compared += 1
            row["got"] = found.get((row["metric"], row["key"]), "")
            if not agree(row["value"], row["got"]):
                by_metric[row["metric"]].append(row)
            elif by == "total" and row["value"]:
                totals.append(row)
        for row in beyond(args.binary, args.folder, totals):
            by_metric[row["metric"]].append(row | {"got": row["got"] + " in six decimals"})
        expected = {(row["metric"], row["key"]) for row in rows if row["by"] == by}
        unexpected.update((column, by) for (column, key), got in found.items() if got and (column, key) not in expected)
    for metric, differ in by_metric.items():
        print(f"{metric}: {len(differ)} differ")
        for row in differ:
            print(f"  {row['by']:7} {row['key']:12} expected {row['value'] or '-':>24}  printed {row['got'] or '-'}")
    wrong = sum(map(len, by_metric.values()))
    print(f"{compared} figures of {len(set(wanted) & set(there))} columns compared, {wrong} differ in {len(by_metric)} columns")
    if missing:
        print("not there yet:", *missing)
    if unexpected:
        counts = [f"{column} by {by} ({n})" for (column, by), n in unexpected.items()]
        print(f"{unexpected.total()} printed, but not in the oracle:", *counts, sep="\n  ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
