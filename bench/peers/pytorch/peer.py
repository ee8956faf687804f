"""PyTorch as one side of race.py: a request in JSON on each line of stdin, an answer on each of stdout.

The requests are those of Crema's side, dev.crema.bench.turns.Peer, which documents them.
"""

import json
import struct
import sys
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError as e:  # told to whoever asks
    print(json.dumps({"error": f"{sys.executable} cannot load PyTorch: {e}. Hint: pip install torch, or start with a Python that has it"}),
          flush=True)
    sys.exit(1)

from nets import NETS

DTYPES = {"F32": torch.float32, "I64": torch.int64}


def read_safetensors(file):
    with open(file, "rb") as f:
        (size,) = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(size))
        data = bytearray(f.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, about in header.items():
        start, end = about["data_offsets"]
        flat = torch.frombuffer(data, dtype=DTYPES[about["dtype"]], offset=start,
                                count=(end - start) // DTYPES[about["dtype"]].itemsize)
        tensors[name] = flat.reshape(about["shape"]).clone()
    return tensors


class Task:
    def __init__(self, request):
        self.what = request["task"]
        self.device = torch.device(request["device"])
        self.precision = request["precision"]
        tf32 = self.precision == "tf32"
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32
        if request.get("threads"):
            torch.set_num_threads(request["threads"])
        tensors = {k: t.to(self.device) for k, t in read_safetensors(request["file"]).items()}
        self.x = tensors.pop("input")
        if self.what == "conv":
            self.sizes = request["sizes"]
            self.weight = tensors.pop("weight")
            self.call = self.convolve
        else:
            self.labels = tensors.pop("labels")
            self.net = NETS[request["model"]]().to(self.device)
            missing, unexpected = self.net.load_state_dict(tensors, strict=False)
            missing = [name for name in missing if not name.endswith("num_batches_tracked")]
            if missing or unexpected:
                raise ValueError(f"other parameters: missing {missing}, unexpected {unexpected}")
            if request.get("channels_last"):
                self.net.to(memory_format=torch.channels_last)
                self.x = self.x.contiguous(memory_format=torch.channels_last)
            self.call = self.net
            self.net.train(self.what == "train")
            self.optimizer = torch.optim.SGD(self.net.parameters(), 1e-3, momentum=0.9)
        if request["mode"] == "compile":
            self.call = torch.compile(self.call)
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()

    def convolve(self, x):
        s = self.sizes
        top, bottom, left, right = s["padding"]
        symmetric = top == bottom and left == right
        padded = x if symmetric else F.pad(x, (left, right, top, bottom))
        return F.conv2d(padded, self.weight, stride=s["stride"], dilation=s["dilation"],
                        padding=(top, left) if symmetric else 0, groups=s["groups"])

    def forward(self):
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
            return self.call(self.x)

    def step(self):
        if self.what != "train":
            with torch.inference_mode():
                self.forward()
            return
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
            loss = F.cross_entropy(self.call(self.x), self.labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def wait(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def value(self):
        """What both sides must agree on, before any step: the loss in inference, or the mean square of y."""
        with torch.no_grad():
            if self.what == "conv":
                return self.forward().float().square().mean().item()
            self.net.eval()
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
                loss = F.cross_entropy(self.net(self.x), self.labels)
            self.net.train(self.what == "train")
            return loss.item()

    def run(self, steps):
        self.wait()
        start = time.perf_counter()
        for _ in range(steps):
            self.step()
        self.wait()
        return time.perf_counter() - start

    def peak(self):
        return torch.cuda.max_memory_allocated() if self.device.type == "cuda" else 0


def answer(task, request):
    do = request["do"]
    if do == "info":
        gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
        return None, {"name": f"PyTorch {torch.__version__}", "device": gpu}
    if do == "prepare":
        task = None  # frees the last one's memory first
        return Task(request), {}
    if do == "value":
        return task, {"value": task.value()}
    if do == "run":
        return task, {"seconds": task.run(request["steps"])}
    if do == "memory":
        return task, {"bytes": task.peak()}
    raise ValueError(f"no such request: {do}")


def main():
    task = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "quit":
            return
        try:
            task, reply = answer(task, request)
        except Exception as e:  # told to the other side, which goes on with the next task
            task, reply = None, {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
