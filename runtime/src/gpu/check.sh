#!/usr/bin/env bash
# All that only a GPU can show, in one run of less than eight minutes: whether every conformance case is right in every
# precision, the same bits in every run, no leaks, what an evaluation takes beside PyTorch, reconstructions, and what
# compute-sanitizer says.
#
#     mvn -DskipTests package && runtime/src/gpu/check.sh [FOLDER-FOR-RESULTS]
#
# MCRC_CHECK_JAVA and MCRC_CHECK_CLASSPATH name another java and class path than those of the build. PEER is the program of
# the peers (any that takes the options of torch_s2s3.py); without it, or without PyTorch, they are left out. PLAN is a list
# of reconstructions as docs/study.py --plan writes it; without it there are none; PLAN_THREADS (1) of its methods run at once.
# PARTS are the parts that run, all of them by default: right, times, peers, plan, sanitizer. PEER_SECONDS (240) and
# SANITIZER_SECONDS (120, of each of two tools) are the most that these may take. CompileAhead, among the runtime's tests,
# compiles the kernels on another computer: where that one's cache is this one's MCRC_CACHE, no time goes into it here.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
results="$(mkdir -p "${1:-gpu-results}" && cd "${1:-gpu-results}" && pwd)"
peer="${PEER:-$root/../shared/bench/torch_s2s3.py}"
plan="${PLAN:+$(realpath "$PLAN")}"
parts="${PARTS:-right times peers plan sanitizer}"
java="${MCRC_CHECK_JAVA:-${JAVA_HOME:+$JAVA_HOME/bin/}java}"
path="${MCRC_CHECK_CLASSPATH:-$root/runtime/target/classes:$root/runtime/target/test-classes:$root/runtime/target/lib/*}"
jvm=(-Xss16m --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
    --add-exports=java.base/jdk.internal.module=ALL-UNNAMED -cp "$path")
status=0
cd "$root/runtime" || exit 2

run() {
    "$java" "${jvm[@]}" "org.mcrc.runtime.engine.cuda.$1" "${@:2}" 2> >(grep -v 'incubator modules' >&2)
}

part() { [[ " $parts " == *" $1 "* ]]; }

if part right; then
    run GpuCheck conformance accuracy determinism leaks | tee "$results/right.txt" || status=1
    run LoopCheck small | tee "$results/loop.txt" || status=1
fi
if part times; then
    run GpuCheck times | tee "$results/times.txt" || status=1
    run GpuCheck profile sketches >"$results/profile.txt" || status=1
fi
if part peers && [ -e "$peer" ] && python3 -c 'import torch' 2>/dev/null; then
    # In one process: to import PyTorch takes longer than most of the measurements.
    timeout "${PEER_SECONDS:-240}" python3 - "$peer" <<'PYTHON' 2>/dev/null | tee "$results/peers.jsonl"
import runpy, sys
import torch

path = sys.argv[1]
eager = [(size, precision, variant, []) for size in (64, 512, 128, 256) for precision in ("fp32", "tf32", "fp16")
         for variant in ("autograd", "custom")]
compiled = [(size, precision, "autograd", ["--compile"]) for size in (64, 512) for precision in ("fp32", "tf32", "fp16")]
for size, precision, variant, how in compiled + eager:
    torch.set_float32_matmul_precision("highest")
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    sys.argv = [path, "--device", "cuda", "--size", str(size), "--precision", precision, "--variant", variant,
                "--repeat", "5", *how]
    try:
        runpy.run_path(path, run_name="__main__")
    except Exception as failure:
        print(f'{{"size": {size}, "precision": "{precision}", "variant": "{variant}",'
              f' "failure": "{type(failure).__name__}"}}')
    sys.stdout.flush()
PYTHON
fi
if part plan && [ -n "$plan" ]; then
    run GpuCheck study "$plan" "${PLAN_THREADS:-1}" | tee "$results/study.txt" || status=1
    cp "$plan.json" "$results/study.json"
fi
if part sanitizer && command -v compute-sanitizer >/dev/null; then
    # The small cases under the checker of memory accesses and the checker of races in shared memory.
    for tool in memcheck racecheck; do
        timeout "${SANITIZER_SECONDS:-120}" compute-sanitizer --tool "$tool" --error-exitcode 9 "$java" "${jvm[@]}" \
            org.mcrc.runtime.engine.cuda.GpuCheck small >"$results/$tool.txt" 2>&1 || status=1
        echo "$tool: $(tail -n 1 "$results/$tool.txt")"
    done
fi
exit $status
