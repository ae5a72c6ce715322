#!/usr/bin/env python3
"""Compare deskstat's report with the figures of another program, one by one.

    python3 benches/compare.py REPORT.json FIGURES.csv

REPORT.json is `deskstat report FOLDER -f json`; FIGURES.csv has the columns table, key, column, value. Counts must be
equal; other figures may differ by one part in 10^9, besides the sixth decimal to which deskstat rounds its JSON.
Prints how many agree and each that does not; exit code 1 if any does not.

Every number in the cells of the report's tables is a figure, but for the settings' goals and what is said of a change. Columns
that the other program does not make, and sentences, notes and notices, are not compared.
"""

import csv
import json
import sys

ROUNDED = 0.5e-6 * (1 + 1e-6)
CLOSE = 1e-9


def figures_of(report):
    """The report's figures by (table, key, column), each with whether it is a count."""
    figures = {}
    for section in report["sections"]:
        for table in section["tables"]:
            for key, row in rows_of(table):
                for column in table["columns"]:
                    for name, value in numbers_of(row.get(column["id"])):
                        is_count = name in ("n", "chance") or (name in ("value", "previous") and column["unit"] == "count")
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
    """The numbers of a cell by their names: value, n, previous, average, low, high, and marks as 0 or 1."""
    for name, value in cell.items() if isinstance(cell, dict) else ():
        if name != "goal" and isinstance(value, (int, float)):
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


# What is said of a change: its interval, and whether it could be chance or is unusual. Tested elsewhere, not compared.
OF_CHANGES = (":chance", ":change_low", ":change_high", ":unusual", ":usual_low", ":usual_high")


def column_of(place):
    """A table's column, whatever is said in its cells."""
    return place[0], place[-1].partition(":")[0]


def is_compared(place, columns):
    """Whether another program must have this figure: of a column that it makes, and nothing that is said of a change."""
    return column_of(place) in columns and not place[-1].endswith(OF_CHANGES)


def compare(report, figures):
    """How many figures agree, and a line for each that does not."""
    ours, same, different = figures_of(report), 0, []
    columns = {column_of(place) for place in figures}
    ours = {place: figure for place, figure in ours.items() if is_compared(place, columns)}
    figures = {place: figure for place, figure in figures.items() if is_compared(place, columns)}
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
