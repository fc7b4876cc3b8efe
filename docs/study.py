#!/usr/bin/env python3
"""Time and evaluations to an exact reconstruction, over structures, methods and seeds.

    python3 docs/study.py                         the whole study (hours on two cores)
    python3 docs/study.py --quick                 the default settings, with and without coarser levels (an hour or two)
    python3 docs/study.py --structures checkerboard-64 --methods 'auto;Adam' --seeds 3
    python3 docs/study.py --plan runs.txt         writes the runs for runtime/src/gpu/check.sh, and runs nothing

Needs nothing but Python and the launcher ./mcrc. Every run is a process of its own: its seconds on the clock include the
start, the compilation of kernels where they are not in the cache, and the last decision in double precision. A run that is
not exact within the limits, one of seconds and one of evaluations on the finest level, counts as a failure. Results go to
docs/study.json as they come, so that a study that was interrupted goes on where it stopped; the tables are printed at the
end.
"""

import argparse
import json
import pathlib
import resource
import shutil
import statistics
import subprocess
import tempfile
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
    "pymks-128": "pymks_ms_128x128_1.npy",
}

METHODS = {
    "auto": [],
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


def run(path, options, seed, limits, folder):
    """One reconstruction: whether it is exact, its seconds, its evaluations on the finest level, its relative error."""
    results = folder / "results"
    shutil.rmtree(results, ignore_errors=True)
    seconds_allowed, evaluations_allowed = limits
    command = [MCRC, "reconstruct", DESCRIPTOR, "--like", path, "--seed", str(seed),
               "--iterations", str(evaluations_allowed), "-q", "-o", results, *options]
    start = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command)
    try:
        process.wait(seconds_allowed)
    except subprocess.TimeoutExpired:
        # It is told to end, and writes the best there is.
        process.terminate()
        process.wait()
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = json.loads((results / "run.json").read_text())["result"] if (results / "run.json").exists() else {}
    events = [event["kind"] for event in report.get("events", [])]
    return {
        "exact": report.get("exact", False), "seconds": seconds,
        "processor_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "iterations": report.get("iterations"),
        "relative_error": report.get("relative_error"), "softenings": events.count("soften"),
        "restarts": events.count("restart"),
    }


def table(results):
    """Medians as Markdown, one row for each structure and method."""
    lines = ["| structure | method | exact | seconds, median | of processors | evaluations, median | softenings | restarts"
             " | error of the others |",
             "|---|---|---:|---:|---:|---:|---:|---:|---|"]
    groups = {}
    for key, result in results.items():
        name, method, _ = json.loads(key)
        groups.setdefault((name, method), []).append(result)
    for (name, method), runs in groups.items():
        exact = [each for each in runs if each["exact"]]
        others = [f'{each["relative_error"]:.2g}' for each in runs
                  if not each["exact"] and each["relative_error"] is not None]
        seconds = f'{statistics.median(each["seconds"] for each in exact):.1f}' if exact else "–"
        processors = [each["processor_seconds"] for each in exact if "processor_seconds" in each]
        used = f"{statistics.median(processors):.1f}" if processors else "–"
        evaluations = f'{statistics.median(each["iterations"] for each in exact):.0f}' if exact else "–"
        lines.append(f'| {name} | {method} | {len(exact)} of {len(runs)} | {seconds} | {used} | {evaluations} | '
                     f'{sum(each["softenings"] for each in runs)} | {sum(each["restarts"] for each in runs)} | '
                     f'{", ".join(others)} |')
    return "\n".join(lines)


def plan(options, methods):
    """Writes a line for each run: structure, method, seed, file and options, separated by tabs."""
    lines = []
    for name in options.structures.split(","):
        path = structure(name, options.plan.resolve().parent)
        if path is not None:
            lines += ["\t".join([name, method, str(seed), str(path), *METHODS[method]])
                      for method in methods for seed in range(1, options.seeds + 1)]
    options.plan.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--structures", default=",".join([*SAMPLES, *FILES]), help="names, separated by commas")
    parser.add_argument("--methods", default=";".join(METHODS), help="names, separated by semicolons")
    parser.add_argument("--quick", action="store_true", help="only the default settings, with and without coarser levels")
    parser.add_argument("--seeds", type=int, default=5, help="how many (default: 5)")
    parser.add_argument("--limit", type=float, default=600, help="seconds for each run (default: 600)")
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
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for name in options.structures.split(","):
            path = structure(name, folder)
            if path is None:
                print(f"{name}: not on this machine, left out", flush=True)
                continue
            for method in methods:
                for seed in range(1, options.seeds + 1):
                    key = json.dumps([name, method, seed])
                    if key in results:
                        continue
                    results[key] = run(path, METHODS[method], seed,
                                       (options.limit, options.evaluations), folder)
                    print(name, method, seed, results[key], flush=True)
                    written = options.output.with_suffix(".tmp")
                    written.write_text(json.dumps(results, indent=1) + "\n")
                    written.replace(options.output)
    print(table(results))


if __name__ == "__main__":
    main()
