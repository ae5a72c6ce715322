#!/usr/bin/env python3
"""Compare deskstat's report with the figures of another program, one by one.

    python3 benches/compare.py REPORT.json FIGURES.csv

REPORT.json is `deskstat report FOLDER -f json`; FIGURES.csv has the columns table, key, column, value. Counts must be
equal; other figures may differ by one part in 10^9, besides the sixth decimal to which deskstat rounds its JSON.
Prints how many agree and each that does not; exit code 1 if any does not.

Every number in the cells of the report's tables is a figure, but for the settings' goals: values, how many they count, the
same before and on average, intervals of the value and of the change, limits of what is usual, each week of a series, the counts
in a cell's note; and each mark, as 1. Sentences and notices are not compared.
"""

import csv
import json
import sys

ROUNDED = 0.5e-6 * (1 + 1e-6)
CLOSE = 1e-9

# What is compared exactly: in every column, and in columns of counts.
MARKS = ("n", "note", "chance", "unusual")
COUNTS = ("value", "previous", "series")


def figures_of(report):
    """The report's figures by (table, key, column), each with whether it is a count."""
    figures = {}
    for section in report["sections"]:
        for table in section["tables"]:
            for key, row in rows_of(table):
                for column in table["columns"]:
                    for name, value in numbers_of(row.get(column["id"])):
                        kind = name.partition(":")[0]
                        is_count = kind in MARKS or kind in COUNTS and column["unit"] == "count"
                        place = column["id"] if name == "value" else f"{column['id']}:{name}"
                        figures[table["id"], key, place] = value, is_count
    return figures


def rows_of(table):
    """Each row with its key: what it is split by, or `total`."""
    first = table["columns"][0]
    for row in table["rows"]:
        yield row[first["id"]] if first["unit"] == "text" else "total", row
    if "total" in table:
        yield "total", table["total"]


def numbers_of(cell):
    """The numbers of a cell by their names: value, n, previous, average, low, high and so on, and marks as 0 or 1."""
    for name, value in cell.items() if isinstance(cell, dict) else ():
        if name == "series":
            yield from ((f"series:{week}", value) for week, value in value.items() if value is not None)
        elif name == "note":
            # `36 still waiting, with their present wait; 13 not yet due`
            counts = (part.partition(" ") for part in value.split("; "))
            yield from ((f"note:{label}", int(count)) for count, _, label in counts)
        elif name != "goal" and isinstance(value, (int, float)):
            yield name, int(value) if isinstance(value, bool) else value


def read(path):
    """The figures of another program by (table, key, column); no key is `total` as well."""
    with open(path, encoding="utf-8", newline="") as file:
        return {(r["table"], r["key"] or "total", r["column"]): float(r["value"]) for r in csv.DictReader(file)}


def agree(ours, theirs, is_count):
    """Whether two figures are the same. A group in which nothing is counted is 0 here and no row there."""
    if ours is None or theirs is None:
        return is_count and not ours and not theirs
    return abs(ours - theirs) <= (0 if is_count else ROUNDED + CLOSE * max(abs(ours), abs(theirs)))


def compare(report, figures):
    """How many figures agree, and a line for each that does not."""
    ours, same, different = figures_of(report), 0, []
    for place in sorted(ours.keys() | figures.keys()):
        value, is_count = ours.get(place, (None, False))
        if agree(value, figures.get(place), is_count):
            same += 1
        else:
            different.append(f"{' / '.join(place)}: deskstat {value}, the other {figures.get(place)}")
    return same, different


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    same, different = compare(report, read(sys.argv[2]))
    print(f"{same:,} figures agree, {len(different):,} do not")
    print("\n".join(different), end="\n" if different else "")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
