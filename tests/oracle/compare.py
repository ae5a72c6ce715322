#!/usr/bin/env python3
"""Compare what a deskstat binary prints with expected.csv, figure by figure.

    python compare.py EXPECTED BINARY DIR [--only METRIC,METRIC] [--keys week]

Prints each disagreement beyond 1e-9 (of the greater of 1 and the value), and exits with 1 if there is any. Metrics that the binary
does not list are "not there yet" and skipped. The week in which the data end is not compared: see README.md.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

# `table -f csv` prints six decimals at most.
PRINTED = 5.000001e-7


def run(binary, *args):
    done = subprocess.run([binary, *args], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{binary} {' '.join(args)}\n{done.stderr}")
    return done.stdout


def known_columns(binary):
    rows = json.loads(run(binary, "list", "metrics", "-f", "json"))["rows"]
    return [column for row in rows for column in row["columns"].split()]


def printed(binary, folder, columns, by):
    args = ["table", str(folder), "-q", "--no-progress", "--period", "all", "--metrics", ",".join(columns), "-f", "csv"]
    if by != "total":
        args += ["--by", by]
    found = {}
    for row in csv.DictReader(io.StringIO(run(binary, *args))):
        key = row.pop(by) if by != "total" else ""
        for column, value in row.items():
            found[(column, key)] = value
    return found


def agree(expected, got, by):
    if by != "total" and expected == "0" and got == "":
        return True  # a count of nothing, in a group that the metric's population does not have
    if expected == "" or got == "":
        return expected == got
    expected, got = float(expected), float(got)
    return abs(expected - got) <= 1e-9 * max(1.0, abs(expected)) + PRINTED


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
    columns = [metric for metric in wanted if metric in there]
    if not columns:
        sys.exit("nothing to compare")
    compared = wrong = 0
    by_metric = defaultdict(list)
    for by in dict.fromkeys(row["by"] for row in rows):
        found = printed(args.binary, args.folder, columns, by)
        for row in rows:
            if row["by"] != by or row["metric"] not in there:
                continue
            compared += 1
            got = found.get((row["metric"], row["key"]), "")
            if not agree(row["value"], got, by):
                wrong += 1
                by_metric[row["metric"]].append(f"  {by:7} {row['key']:12} expected {row['value'] or '-':>24}  printed {got or '-'}")
    for metric, lines in by_metric.items():
        print(f"{metric}: {len(lines)} differ", *lines, sep="\n")
    print(f"{compared} figures of {len(columns)} columns compared, {wrong} differ in {len(by_metric)} columns")
    if missing:
        print("not there yet:", *missing)
    if not args.only:
        unknown = [column for column in there if column not in wanted]
        if unknown:
            print("not in the oracle:", *unknown)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
