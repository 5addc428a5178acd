"""What the comparisons share: running a benchmark of ours, and a script of a peer's, in a process of its own."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def benchmark(name, **parameters):
    """Runs a JMH benchmark; its primary metric, as JMH's JSON has it."""
    jar = next((HERE.parent / "target").glob("morula-bench-*.jar"), None)
    if jar is None:
        sys.exit("bench/target has no morula-bench jar: run ./mvnw package -DskipTests first")
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        command = ["java", "--enable-native-access=ALL-UNNAMED", "-jar", jar, name, "-foe", "true"]
        for key, value in parameters.items():
            command += ["-p", f"{key}={value}"]
        command += ["-rf", "json", "-rff", result.name, "-v", "SILENT"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.load(open(result.name))[0]["primaryMetric"]


def python(script, *arguments):
    """Runs a script with the Python that has the peer's library; what it prints."""
    command = [os.environ.get("MORULA_PYTHON", sys.executable), script, *arguments]
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE).stdout
