"""Crema and PyTorch on the same problems, on the same machine, in turns: A B A B.

Each is a process of its own that answers a line of JSON with a line of JSON. Crema makes the weights and inputs, PyTorch
reads them. First both must give the same value; then they run in turns, and each turn gives one ratio.
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile

TASKS = [
    "train lenet 64", "train lenet 256", "train alexnet 32", "train alexnet 128",
    "train resnet18 32", "train resnet18 64", "train resnet50 32", "train resnet50 64",
    "infer alexnet 1", "infer alexnet 32",
]
WITHIN = {"f32": 1e-3, "tf32": 1e-2, "bf16": 5e-2}
MODELS = ["lenet", "alexnet", "resnet18", "resnet50"]
MODES = ["eager", "compile"]


class Failed(Exception):
    """What one side answered instead of a result."""


class Side:
    def __init__(self, name, command):
        self.name, self.command = name, command
        try:
            self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except (OSError, ValueError, IndexError) as e:
            raise Failed(f"{name}'s side does not start: {e}") from None

    def ask(self, **request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Failed(f"{self.name}'s side has ended, with exit code {self.process.wait()}: {self.command}")
        try:
            answer = json.loads(line)
        except ValueError:
            raise Failed(f"{self.name}'s side does not answer but says: {line.strip()}") from None
        if "error" in answer:
            raise Failed(f"{self.name}: {answer['error']}")
        return answer

    def close(self):
        try:
            self.process.stdin.write('{"do": "quit"}\n')
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def described(task):
    what, _, rest = task.partition(" ")
    if what == "conv" and rest:
        return {"task": what, "problem": rest}
    words = rest.split()
    if what not in ("train", "infer") or len(words) != 2 or not words[1].isdigit() or int(words[1]) < 1:
        raise SystemExit(f"race: expected 'train|infer MODEL BATCH' or 'conv PROBLEM', got '{task}'")
    model, batch = words
    if model not in MODELS:
        raise SystemExit(f"race: expected a model of {', '.join(MODELS)}, got '{model}' in '{task}'")
    return {"task": what, "model": model, "batch": int(batch)}


def race(crema, pytorch, task, precision, mode, options):
    row = heading(task, precision, mode, options)
    about = described(task) | {"device": options.device, "precision": precision, "threads": options.threads,
                               "channels_last": options.channels_last}
    with tempfile.TemporaryDirectory() as folder:
        about["file"] = os.path.join(folder, "state.safetensors")
        about["sizes"] = crema.ask(do="prepare", graphs=options.graphs, **about).get("sizes")
        pytorch.ask(do="prepare", mode=mode, **about)
    values = [side.ask(do="value")["value"] for side in (crema, pytorch)]
    row["values"] = values
    if not abs(values[0] - values[1]) <= WITHIN[precision] * max(abs(values[1]), 1e-6):
        raise Failed(f"they differ: Crema has {values[0]}, PyTorch {values[1]}")
    sides = (crema, pytorch)
    for side in sides:  # compiles, chooses algorithms
        side.ask(do="run", steps=options.warm_up)
    once = max(side.ask(do="run", steps=3)["seconds"] / 3 for side in sides)
    steps = max(1, round(options.seconds / max(once, 1e-6)))
    times = ([], [])
    for _ in range(options.rounds):
        for side, mine in zip(sides, times):
            mine.append(side.ask(do="run", steps=steps)["seconds"] / steps)
    ratios = sorted(b / a for a, b in zip(*times))
    row["steps"] = steps
    row["crema_ms"], row["pytorch_ms"] = ([1e3 * t for t in mine] for mine in times)
    row["ratio"], row["least"], row["most"] = statistics.median(ratios), ratios[0], ratios[-1]
    row["crema_bytes"], row["pytorch_bytes"] = (side.ask(do="memory")["bytes"] for side in sides)
    return row


def heading(task, precision, mode, options):
    return {"task": task, "precision": precision, "mode": mode, "device": options.device, "graphs": options.graphs,
            "channels_last": options.channels_last}


def check(options):
    """That both sides start at all, before the first of many rows."""
    started = []
    try:
        for name, command in (("Crema", options.crema), ("PyTorch", options.pytorch)):
            started.append(Side(name, command))
            started[-1].ask(do="info")
    except Failed as e:
        raise SystemExit(f"race: {e}") from None
    finally:
        for side in started:
            side.close()


def alone(task, precision, mode, options):
    """In two fresh processes, so that memory counts from nothing, and one that ends ends one row."""
    crema, pytorch = Side("Crema", options.crema), Side("PyTorch", options.pytorch)
    try:
        names = [side.ask(do="info")["name"] for side in (crema, pytorch)]
        return race(crema, pytorch, task, precision, mode, options) | {"names": names}
    except Failed as e:
        return heading(task, precision, mode, options) | {"error": str(e)}
    finally:
        crema.close()
        pytorch.close()


def tell(row):
    name = f"{row['task']:<28} {row['precision']:<5} {row['mode']:<8}{' graphs  ' if row['graphs'] else ''}"
    if "error" in row:
        print(f"{name} {row['error']}", flush=True)
        return
    memory = ""
    if row["pytorch_bytes"]:
        memory = f"  memory {row['crema_bytes'] / row['pytorch_bytes']:.2f}x"
    print(f"{name} Crema {statistics.median(row['crema_ms']):9.3f} ms  PyTorch {statistics.median(row['pytorch_ms']):9.3f} ms"
          f"  {row['ratio']:.2f}x ({row['least']:.2f} to {row['most']:.2f}){memory}", flush=True)


def keep(rows, options):
    """After each row: what is cut off leaves what it had."""
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


class Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """The text above as it is, and the default of each option."""


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=Help)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--crema", required=True, help="the command of Crema's side; docs/peers.md has one")
    parser.add_argument("--pytorch", default=f"{shlex.quote(sys.executable)} {shlex.quote(os.path.join(here, 'peer.py'))}",
                        help="the command of PyTorch's side")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"], help="where both compute")
    parser.add_argument("--threads", type=int, help="threads of both, on the CPU; without it, what each takes by itself")
    parser.add_argument("--task", action="append",
                        help=f"'train MODEL BATCH', 'infer MODEL BATCH' with a model of {', '.join(MODELS)}, or 'conv PROBLEM' such as "
                             f"'conv mb32ic3ih224oc64oh55kh11sh4ph2'; may be repeated; without it and --problems: {'; '.join(TASKS)}")
    parser.add_argument("--problems", help="a file of bench/problems: a convolution on each line")
    parser.add_argument("--precision", default="f32,tf32,bf16", help=f"some of {','.join(WITHIN)}; on the CPU f32 alone")
    parser.add_argument("--channels-last", action="store_true", help="networks compute in NHWC, on both sides")
    parser.add_argument("--mode", default=",".join(MODES), help=f"of PyTorch, some of {','.join(MODES)}")
    parser.add_argument("--graphs", action="store_true", help="run each of Crema's steps as one CUDA graph")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each side")
    parser.add_argument("--seconds", type=float, default=0.5, help="how long a turn of the slower takes")
    parser.add_argument("--warm-up", type=int, default=10, help="steps before anything is timed")
    parser.add_argument("--json", help="the file where the rows go")
    options = parser.parse_args(arguments)
    if options.rounds < 1 or options.warm_up < 1 or options.seconds <= 0:
        parser.error("--rounds, --warm-up and --seconds must be positive")
    for precision in options.precision.split(","):
        if precision not in WITHIN:
            parser.error(f"--precision: expected some of {', '.join(WITHIN)}, got '{precision}'")
    for mode in options.mode.split(","):
        if mode not in MODES:
            parser.error(f"--mode: expected some of {', '.join(MODES)}, got '{mode}'")
    return options


def tasks(options):
    chosen = list(options.task or [])
    if options.problems:
        try:
            with open(options.problems, encoding="utf-8") as file:
                lines = (line.split("#")[0].strip() for line in file)
                chosen += ["conv " + line for line in lines if line]
        except OSError as e:
            raise SystemExit(f"race: --problems: {e}") from None
    return chosen or TASKS


def main(arguments):
    options = parse(arguments)
    for task in tasks(options):
        described(task)
    check(options)
    rows = []
    for precision in options.precision.split(","):
        for mode in options.mode.split(","):
            for task in tasks(options):
                rows.append(alone(task, precision, mode, options))
                tell(rows[-1])
                keep(rows, options)
    return 0 if all("error" not in row for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
