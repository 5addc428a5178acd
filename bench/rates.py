"""Prints the rates in JMH's JSON as a Markdown table, beside the ceilings that CeilingBenchmark measured in the same file.

    java @java/cli/target/morula/lib/java.flags -cp "bench/target/classes:bench/target/lib/*" \\
        org.openjdk.jmh.Main 'CeilingBenchmark|LinearBenchmark' -rf json -rff rates.json
    python3 bench/rates.py rates.json

Benchmarks that count no arithmetic and no traffic (dev.morula.Rates) are left out. The ceiling of a kernel is the one
measured with as many threads; of several such, the last.
"""
import argparse
import json
import sys

UNITS = {"gigaflop": "GFLOP/s", "gigabyte": "GB/s"}


def runs(path):
    """What JMH measured, one dictionary a rate."""
    found = []
    for run in json.load(open(path)):
        for counter, unit in UNITS.items():
            metric = run.get("secondaryMetrics", {}).get(counter)
            if metric is None:
                continue
            if (run["mode"], metric["scoreUnit"]) != ("thrpt", "ops/s"):
                sys.exit(f"{path}: rates are of mode thrpt and unit s, not {run['mode']} and {metric['scoreUnit']}: "
                         "run JMH without -bm and -tu")
            parameters = dict(run.get("params", {}))
            benchmark, method = run["benchmark"].split(".")[-2:]
            found.append({"kernel": benchmark.removesuffix("Benchmark") + "." + method, "rate": metric["score"],
                          "unit": unit, "calls": run["primaryMetric"]["score"], "tier": parameters.pop("tier", ""),
                          "threads": int(parameters.pop("threads", 1)),
                          "sizes": ", ".join(f"{name} {value}" for name, value in parameters.items()),
                          "is ceiling": benchmark == "CeilingBenchmark"})
    return found


def number(value):
    """With three digits at least: 0.0123, 1.23, 12.3, 123, 12,345."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}" if value < 1 else f"{value:#.3g}"


def share(run, ceilings):
    if run["is ceiling"]:
        return "is the ceiling"
    ceiling = ceilings.get((run["unit"], run["threads"]))
    return "no ceiling measured" if ceiling is None else f"{run['rate'] / ceiling:.0%} of {number(ceiling)}"


def table(found):
    ceilings = {(run["unit"], run["threads"]): run["rate"] for run in found if run["is ceiling"]}
    lines = ["| kernel | sizes | tier | threads | calls/s | rate | share of the ceiling |",
             "| --- | --- | --- | ---: | ---: | ---: | --- |"]
    for run in found:
        cells = [run["kernel"], run["sizes"], run["tier"], run["threads"], number(run["calls"]),
                 number(run["rate"]) + " " + run["unit"], share(run, ceilings)]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="what JMH wrote with -rf json -rff FILE")
    path = parser.parse_args().file
    found = runs(path)
    if not found:
        sys.exit(f"{path} has no rates: they are of mode thrpt, so run JMH without -bm")
    print(table(found))


if __name__ == "__main__":
    main()
