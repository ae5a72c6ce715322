#!/usr/bin/env python3
"""Measure deskstat beside other programs that make the same report of the same files.

    python3 benches/bench.py [--rows N] [--suite csv|ndjson|all] [--runs 5] [--keep DIR]

Makes exports of N interactions with the generator of the sample data, lets every program write its figures once and
compares them with deskstat's, and only if all agree measures the programs in turn: time on the clock, processor time
and peak memory, as the kernel counts them. The files are in the page cache by then. The table goes to standard output.

Competitors: SQL for DuckDB's command line in benches/duckdb, and benches/polars/report.py where it is there.
Needs python3 with pip and cargo; DuckDB and polars are installed into target/bench-venv.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass, field
from pathlib import Path

sys.dont_write_bytecode = True
import compare  # noqa: E402

BENCHES = Path(__file__).resolve().parent
ROOT = BENCHES.parent
VENV = ROOT / "target" / "bench-venv"
POLARS = BENCHES / "polars" / "report.py"
SETTINGS = ("deskstat.toml", "shop-visits.toml")
SHOWN = 20  # differences
CSV_EXPORTS = (
    "zendesk-tickets-to-august.csv",
    "zendesk-tickets-to-november.csv",
    "aircall-calls.csv",
    "shop-visits.csv",
    "hubspot-contacts.csv",
    "shopify-orders.csv",
)


@dataclass
class Program:
    """What is measured: `{folder}` and `{out}` in its arguments are the exports and its figures' file."""

    name: str
    version: str
    argv: list
    script: Path = None
    runs: list = field(default_factory=list)

    def run(self, folder, out):
        """Run once; (seconds on the clock, processor seconds, peak bytes)."""
        argv = [str(part).replace("{folder}", str(folder)).replace("{out}", str(out)) for part in self.argv]
        to_file = not any("{out}" in str(part) for part in self.argv)
        with open(self.script or os.devnull, "rb") as given, open(out if to_file else os.devnull, "wb") as written:
            begin = time.perf_counter()
            child = subprocess.Popen(argv, stdin=given, stdout=written, cwd=self.script and self.script.parent)
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{self.name} failed: {' '.join(argv)}")
        unit = 1 if sys.platform == "darwin" else 1024
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000, metavar="N", help="interactions to make (default: 2,000,000)")
    parser.add_argument("--suite", choices=("csv", "ndjson", "all"), default="all")
    parser.add_argument("--against", choices=("duckdb", "polars", "all"), default="all", help="the other programs")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="runs of each program (default: 5)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the exports there, and use those that are there")
    parser.add_argument("--deskstat", type=Path, metavar="PATH", help="measure this program; default: build it")
    parser.add_argument("--generator", type=Path, metavar="PATH", help="a built generator; default: build it")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def output(*argv):
    """What a program prints."""
    return subprocess.run([str(part) for part in argv], check=True, capture_output=True, text=True).stdout.strip()


def deskstat(path):
    """The program itself as it is shipped, like those beside it; built if no path is given."""
    if path is None:
        subprocess.run(["cargo", "build", "--profile", "dist", "--quiet"], cwd=ROOT, check=True)
        path = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "dist" / "deskstat"
    path = path.resolve()
    version = output(path, "--version").split()[-1]
    return Program("deskstat", version, [path, "report", "{folder}", "--quiet", "-f", "json"])


def python_with(*packages):
    """The python of our own virtual environment, with these packages."""
    python = VENV / "bin" / "python"
    if not python.exists():
        venv.create(VENV, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def competitors(suite, against):
    """The other programs of a suite."""
    with_polars = suite == "csv" and against != "duckdb" and POLARS.exists()
    programs = [] if against == "polars" else [duckdb(suite)]
    return programs + [polars()] if with_polars else programs


def duckdb(suite):
    """DuckDB's command line with the SQL of a suite."""
    python = python_with("duckdb-cli")
    # The package's command is a script around the program; it is the program that is measured.
    package = Path(output(python, "-c", "import duckdb_cli; print(duckdb_cli.__path__[0])"))
    program = package / "duckdb"
    opened = ["-no-init", "-bail", "-csv", "-cmd", "SET VARIABLE folder = '{folder}'"]
    version = output(program, "-version").split()[0].lstrip("v")
    return Program("DuckDB", version, [program, *opened], BENCHES / "duckdb" / f"{suite}.sql")


def polars():
    """The report in polars' dataframes."""
    python = python_with("polars")
    version = output(python, "-c", "import polars; print(polars.__version__)")
    return Program("polars", version, [python, POLARS, "{folder}", "{out}"])


def generated(rows, place, generator):
    """A folder with the generator's exports of so many interactions."""
    folder = place / f"{rows}" / "exports"
    if not (folder / "done").exists():
        say(f"making exports of {rows:,} interactions")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        made = [generator.resolve()] if generator else ["cargo", "run", "--release", "--quiet", "--example", "retailer", "--"]
        subprocess.run([*made, "--out", folder, "--interactions", str(rows)], cwd=ROOT, check=True)
        (folder / "done").touch()
    return folder


def suite_of(name, exports):
    """The folder of a suite's files, made from the generator's exports."""
    folder = exports.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if name == "csv":
        for file in CSV_EXPORTS:
            os.link(exports / file, folder / file)
    else:
        subprocess.run([sys.executable, BENCHES / "jsonlines.py", exports, folder], check=True)
    for file in SETTINGS:
        shutil.copy(ROOT / "sample-data" / file, folder)
    return folder


def check(ours, others, folder, place):
    """Let all programs make their figures; stop unless they agree. Returns how many rows were read."""
    report, figures = place / "deskstat.json", place / "figures.csv"
    ours.run(folder, report)
    document = json.loads(report.read_text(encoding="utf-8"))
    for other in others:
        other.run(folder, figures)
        same, different = compare.compare(document, compare.read(figures))
        say(f"{folder.name}: {other.name} and deskstat agree on {same:,} figures")
        if different:
            sys.exit(f"and not on these {len(different):,}:\n" + "\n".join(different[:SHOWN]))
    return sum(file["rows"] for file in document["deskstat"]["inputs"])


def measure(programs, folder, place, runs):
    """Run the programs in turn."""
    for run in range(runs):
        for program in programs:
            say(f"{folder.name}: run {run + 1} of {runs}, {program.name}")
            program.runs.append(program.run(folder, place / "out"))


def stages(program, folder):
    """Seconds of deskstat's stages, by name, as --stats tells them."""
    told = subprocess.run([*program.argv[:1], "report", str(folder), "--quiet", "--stats"], capture_output=True, text=True)
    lines = [line.split() for line in told.stderr.splitlines()[1:7]]
    return {line[0]: float(line[1]) for line in lines}


def reading(program, splitter, folder, rows, runs):
    """How our reading compares with the bare split of the same files, in turn; rows a second by stage."""
    files = sorted(folder.glob("*.csv"))
    ours, bare = [], []
    for _ in range(runs):
        ours.append(stages(program, folder))
        bare.append(json.loads(output(*splitter, *files))["seconds"])
    median = {name: statistics.median(run[name] for run in ours) for name in ours[0]}
    split = statistics.median(bare)
    rates = ", ".join(f"{name} {rows / seconds / 1e6:.1f}" for name, seconds in median.items() if seconds)
    return (
        f"Reading {median['reading']:.2f} s, the bare split of the same files {split:.2f} s: "
        f"{median['reading'] / split:.1f} times. Million rows a second by stage: {rates}."
    )


def splitter(generator):
    """The bare split; beside a built generator it is built too."""
    if generator:
        return [generator.resolve().with_name("split")]
    subprocess.run(["cargo", "build", "--release", "--quiet", "--example", "split"], cwd=ROOT, check=True)
    return [Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "examples" / "split"]


def table_rows(name, rows, folder, programs):
    """The lines of a suite in the table."""
    megabytes = sum(f.stat().st_size for f in folder.iterdir() if f.suffix != ".toml") / 1e6
    own = statistics.median(wall for wall, _, _ in programs[0].runs)
    for program in programs:
        walls, cpus, peaks = zip(*program.runs)
        wall = statistics.median(walls)
        yield (
            name, f"{rows:,}", f"{megabytes:.0f}", f"{program.name} {program.version}",
            f"{wall:.2f} [{min(walls):.2f}–{max(walls):.2f}]", f"{statistics.median(cpus):.2f}",
            f"{max(peaks) / 1e6:.0f}", f"{wall / own:.2f}",
        )  # fmt: skip


HEAD = ("suite", "rows", "MB", "program", "wall s, median [min–max]", "CPU s", "peak MB", "wall / deskstat")


def print_table(lines):
    """A table in Markdown, its columns of one width."""
    widths = [max(len(line[i]) for line in [HEAD, *lines]) for i in range(len(HEAD))]
    is_text = [name in ("suite", "program") for name in HEAD]

    def line(cells):
        return "| " + " | ".join(c.ljust(w) if t else c.rjust(w) for c, w, t in zip(cells, widths, is_text)) + " |"

    print(line(HEAD))
    print("| " + " | ".join("-" * w if t else "-" * (w - 1) + ":" for w, t in zip(widths, is_text)) + " |")
    print("\n".join(line(cells) for cells in lines))


def machine():
    """The date, the processor, the cores and the system, in a line."""
    name = platform.processor() or platform.machine()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        name = names[0] if names else name
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{datetime.date.today()}, {name}, {cores} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def main():
    args = arguments()
    place = args.keep or Path(tempfile.mkdtemp(prefix="deskstat-bench-"))
    try:
        exports = generated(args.rows, place.resolve(), args.generator)
        lines, notes = [], []
        for name in ("csv", "ndjson") if args.suite == "all" else (args.suite,):
            folder = suite_of(name, exports)
            programs = [deskstat(args.deskstat), *competitors(name, args.against)]
            rows = check(programs[0], programs[1:], folder, exports.parent)
            measure(programs, folder, exports.parent, args.runs)
            lines.extend(table_rows(name, rows, folder, programs))
            if name == "csv":
                notes.append(reading(programs[0], splitter(args.generator), folder, rows, args.runs))
        print(f"{machine()}; {args.runs} runs each, in turn\n")
        print_table(lines)
        print("".join(f"\n{note}" for note in notes))
    finally:
        if not args.keep:
            shutil.rmtree(place)


if __name__ == "__main__":
    main()
