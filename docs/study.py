#!/usr/bin/env python3
"""Time and evaluations to an exact reconstruction, over structures, methods and seeds.

    python3 docs/study.py                         the whole study (days on two cores)
    python3 docs/study.py --quick                 the default settings, with and without coarser levels (an hour or two)
    python3 docs/study.py --structures checkerboard-64 --methods 'auto;Adam' --seeds 3
    python3 docs/study.py --jobs 2                two runs at once, each on a half of the processors
    python3 docs/study.py --table                 the tables of the results that there are
    python3 docs/study.py --plan runs.txt         writes the runs for runtime/src/gpu/check.sh, and runs nothing

Needs nothing but Python and the launcher ./mcrc. Every run is a process of its own: its seconds include the start, the
compilation of kernels where they are not in the cache, and the last decision in double precision. A run that is not exact
within the limits, one of seconds of processor time and one of evaluations on the finest level, counts as a failure; where
the first two seeds of a method both fail at a limit, the others are not run. Seconds on the clock are given of runs that had
the machine for themselves (--jobs 1). Structures of 256x256 are run with the default settings only, and have two hours of
processor time. Results go to docs/study.json as they come, so that a study that was interrupted goes on where it stopped;
the tables are printed at the end, one for each processor that results are of.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import platform
import queue
import shutil
import signal
import statistics
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
MCRC = HERE.parent / "mcrc"
DESCRIPTOR = HERE.parent / "descriptors" / "s2s3.mcr"
DATA = HERE.parent.parent / "shared" / "data"

SAMPLES = {
    "checkerboard-64": ["checkerboard", "--size", "64x64"],
    "disks-64": ["disks", "--size", "64x64", "--radius", "8", "--seed", "1"],
    "voronoi-64": ["voronoi", "--size", "64x64", "--seed", "1"],
    "gaussian-64": ["gaussian", "--size", "64x64", "--seed", "1"],
    "checkerboard-128": ["checkerboard", "--size", "128x128"],
    "disks-128": ["disks", "--size", "128x128", "--radius", "8", "--seed", "1"],
    "voronoi-128": ["voronoi", "--size", "128x128", "--seed", "1"],
    "gaussian-128": ["gaussian", "--size", "128x128", "--seed", "1"],
}
FILES = {
    "pymks-64": "pymks_ms_64x64_1.npy",
    "sandstone-s": "sandstone_resized_s.npy",
    "alloy-s": "alloy_inverted_s.npy",
    "pymks-128": "pymks_ms_128x128_1.npy",
    "pymks-256": "pymks_ms_256x256_1.npy",
}
# One evaluation of a structure as large as this takes as long as a whole run at 64x64.
LARGE = {"pymks-256": {"methods": ["auto"], "limit": 7200}}

METHODS = {
    "auto": [],
    **{f"{k} columns": ["--sketch", str(k)] for k in (8, 32, 64, 128)},
    "auto, one level": ["--no-multigrid"],
    **{f"one level, {k} columns": ["--no-multigrid", "--sketch", str(k)] for k in (8, 32, 64, 128)},
    "auto, no sketch": ["--sketch", "off"],
    "L-BFGS": ["--optimizer", "lbfgs"],
    "Adam": ["--optimizer", "adam"],
    "Adam as in the paper": ["--paper"],
}
QUICK = ["auto", "auto, one level"]


def structure(name, folder):
    """The file of a structure; None where it is not on this machine."""
    if name in FILES:
        path = DATA / FILES[name]
        return path if path.exists() else None
    path = folder / f"{name}.png"
    if not path.exists():
        subprocess.run([MCRC, "sample", *SAMPLES[name], "-o", path], check=True, stdout=subprocess.DEVNULL)
    return path


def processor_seconds(process):
    """What a process that runs has used so far, all its threads together."""
    text = subprocess.run(["ps", "-o", "time=", "-p", str(process.pid)], capture_output=True, text=True).stdout.strip()
    days, _, clock = text.rpartition("-")
    seconds = 0.0
    for part in clock.split(":"):
        seconds = 60 * seconds + float(part or 0)
    return 86400 * int(days or 0) + seconds


def processor_name():
    """The processor of this machine, as its system names it, with family and model where the name does not tell."""
    facts = {}
    if pathlib.Path("/proc/cpuinfo").exists():
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            key, _, value = line.partition(":")
            facts.setdefault(key.strip(), value.strip())
    if "model name" not in facts:
        return platform.processor() or platform.machine()
    return f'{facts["model name"]}, family {facts.get("cpu family", "?")}, model {facts.get("model", "?")}'


def run(path, options, seed, limits, folder, processors):
    """One reconstruction: whether it is exact, its seconds, its evaluations on the finest level, its relative error."""
    results = folder / "results"
    shutil.rmtree(results, ignore_errors=True)
    seconds_allowed, evaluations_allowed = limits
    command = [MCRC, "reconstruct", DESCRIPTOR, "--like", path, "--seed", str(seed),
               "--iterations", str(evaluations_allowed), "-q", "-o", results, *options]
    pinned = {"preexec_fn": lambda: os.sched_setaffinity(0, processors)} if processors else {}
    start = time.monotonic()
    process = subprocess.Popen(command, **pinned)
    told = False
    # Asking what a process has used takes milliseconds of the processor that it runs on.
    asked = start
    while True:
        ended, _, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        if not told and time.monotonic() > asked + 2:
            asked = time.monotonic()
            if processor_seconds(process) > seconds_allowed:
                # It ends, and writes the best there is.
                process.send_signal(signal.SIGTERM)
                told = True
        time.sleep(0.1)
    process.returncode = 0
    seconds = time.monotonic() - start
    report = json.loads((results / "run.json").read_text())["result"] if (results / "run.json").exists() else {}
    events = [event["kind"] for event in report.get("events", [])]
    exact, iterations = report.get("exact", False), report.get("iterations")
    return {
        "exact": exact, "seconds": round(seconds, 2), "processor_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "processors": len(processors or available()), "processor": processor_name(),
        "alone": processors is None and len(available()) == os.cpu_count(), "iterations": iterations,
        "at_limit": not exact and (told or (iterations or 0) >= evaluations_allowed),
        "relative_error": report.get("relative_error"), "softenings": events.count("soften"),
        "restarts": events.count("restart"),
    }


def median(runs, key, form):
    known = [each[key] for each in runs if key in each]
    return format(statistics.median(known), form) if known else "–"


def table(results):
    """Medians as Markdown, one row for each structure and method, one table for each processor."""
    groups = {}
    for key, result in results.items():
        name, method, _ = json.loads(key)
        groups.setdefault(result["processor"], {}).setdefault((name, method), []).append(result)
    names, methods = [*SAMPLES, *FILES], list(METHODS)
    lines = []
    for processor in sorted(groups):
        lines += [f"{processor}:", "",
                  "| structure | method | exact | processor seconds, median | seconds, median | evaluations, median"
                  " | softenings | restarts | error of the others |",
                  "|---|---|---:|---:|---:|---:|---:|---:|---|"]
        for (name, method), runs in sorted(groups[processor].items(), key=lambda each: (names.index(each[0][0]),
                                                                                        methods.index(each[0][1]))):
            exact = [each for each in runs if each["exact"]]
            others = [f'{each["relative_error"]:.2g} ({each["iterations"]})' for each in runs
                      if not each["exact"] and each["relative_error"] is not None]
            lines.append(" | ".join([
                f"| {name}", method, f"{len(exact)} of {len(runs)}", median(exact, "processor_seconds", ".1f"),
                median([each for each in exact if each["alone"]], "seconds", ".3g"), median(exact, "iterations", ".0f"),
                median(runs, "softenings", ".0f"), median(runs, "restarts", ".0f"), ", ".join(others) + " |"]))
        lines.append("")
    return "\n".join(lines)


def methods_of(name, methods):
    """Those of the methods that a structure is run with."""
    return [each for each in methods if name not in LARGE or each in LARGE[name]["methods"]]


def plan(options, methods):
    """
    Writes a line for each run: structure, method, seed, file and options, separated by tabs. The first seed of everything
    comes first, so that a machine that is there for minutes sees a little of all.
    """
    lines = []
    for seed in range(1, options.seeds + 1):
        for name in options.structures.split(","):
            path = structure(name, options.plan.resolve().parent)
            if path is not None:
                lines += ["\t".join([name, method, str(seed), str(path), "--iterations", str(options.evaluations),
                                     *METHODS[method]]) for method in methods_of(name, methods)]
    options.plan.write_text("\n".join(lines) + "\n")


def available():
    """The processors that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count()))


def shares(jobs):
    """The processors of each of the jobs; None where there is one, or where the system cannot bind processes to any."""
    if jobs == 1 or not hasattr(os, "sched_setaffinity"):
        return [None] * jobs
    return [set(available()[job::jobs]) or set(available()) for job in range(jobs)]


def work_through(options, methods, results):
    """Runs what there is no result of yet, and keeps each result as it comes."""
    free = queue.Queue()
    for share in shares(options.jobs):
        free.put(share)
    lock = threading.Lock()

    def seeds(name, method, path, folder):
        """The seeds of one method, one after another, so that it is known when the others need not be run."""
        processors = free.get()
        folder.mkdir()
        limits = (LARGE.get(name, {}).get("limit", options.limit), options.evaluations)
        try:
            for seed in range(1, options.seeds + 1):
                with lock:
                    before = [results.get(json.dumps([name, method, each])) for each in range(1, seed)]
                    if json.dumps([name, method, seed]) in results:
                        continue
                if len(before) >= 2 and all(each and each["at_limit"] for each in before[:2]):
                    break
                result = run(path, METHODS[method], seed, limits, folder, processors)
                with lock:
                    results[json.dumps([name, method, seed])] = result
                    print(name, method, seed, result, flush=True)
                    written = options.output.with_suffix(".tmp")
                    written.write_text(json.dumps(results, indent=1) + "\n")
                    written.replace(options.output)
        finally:
            free.put(processors)

    with tempfile.TemporaryDirectory() as temporary, \
            concurrent.futures.ThreadPoolExecutor(max_workers=options.jobs) as pool:
        waiting = []
        for name in options.structures.split(","):
            path = structure(name, pathlib.Path(temporary))
            if path is None:
                print(f"{name}: not on this machine, left out", flush=True)
                continue
            waiting += [pool.submit(seeds, name, method, path, pathlib.Path(temporary) / f"{name}-{number}")
                        for number, method in enumerate(methods_of(name, methods))]
        for each in waiting:
            each.result()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--structures", default=",".join([*SAMPLES, *FILES]), help="names, separated by commas")
    parser.add_argument("--methods", default=";".join(METHODS), help="names, separated by semicolons")
    parser.add_argument("--quick", action="store_true", help="only the default settings, with and without coarser levels")
    parser.add_argument("--seeds", type=int, default=5, help="how many (default: 5)")
    parser.add_argument("--limit", type=float, default=600,
                        help="seconds of processor time for each run (default: 600)")
    parser.add_argument("--jobs", type=int, default=1, help="how many runs at once (default: 1)")
    parser.add_argument("--evaluations", type=int, default=5000,
                        help="evaluations on the finest level for each run (default: 5000)")
    parser.add_argument("--plan", type=pathlib.Path, help="only write the runs into this file, and structures beside it:"
                        " for whoever runs them in one process, on a GPU (runtime/src/gpu/check.sh)")
    parser.add_argument("--table", action="store_true", help="only print the table of the results that there are")
    parser.add_argument("--output", type=pathlib.Path, default=HERE / "study.json", help="where the results are kept")
    options = parser.parse_args()
    methods = QUICK if options.quick else options.methods.split(";")
    results = json.loads(options.output.read_text()) if options.output.exists() else {}
    if options.table:
        print(table(results))
        return
    if options.plan:
        plan(options, methods)
        return
    work_through(options, methods, results)
    print(table(results))


if __name__ == "__main__":
    main()
