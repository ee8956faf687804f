"""One side of race.py without a library: it answers as told, for tests of the race itself."""

import json
import sys


def main():
    factor, value = float(sys.argv[1]), float(sys.argv[2])
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "quit":
            return
        refused = request["do"] == "prepare" and request["precision"] == "bf16"
        print(json.dumps({"error": "no bf16"} if refused else {
            "info": {"name": "stand-in", "device": "none"},
            "prepare": {},
            "value": {"value": value},
            "run": {"seconds": factor * request.get("steps", 0)},
            "memory": {"bytes": int(factor * 1e6)},
        }[request["do"]]), flush=True)


if __name__ == "__main__":
    main()
