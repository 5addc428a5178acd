"""Writes networks.safetensors: what PyTorch makes of small networks, in float64, for NetworkGoldenTest.

    python make_networks.py      (needs torch and safetensors; made with torch 2.13.0)

Parameters, samples and labels come from a formula that the test has too, so that only results are kept: logits of
training and evaluation, the mean cross-entropy, batch norm's running averages after one batch, and the gradient of every
parameter, of large ones every `step`-th element.

Samples are drawn anew until no number that a ReLU takes is so near to 0 that float32 could give it the other sign: the
gradient would be another one then. Of which draw they are is kept as `inputs`.
"""
import pathlib
import sys

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[6] / "bench" / "peers"))
import networks  # noqa: E402

FIRST_DRAW = 1000
MARGIN = 5e-7  # of the numbers' deviation: float32 errs by less than that
SAMPLES, OUTPUTS, KEPT = 70, 4, 300  # as many samples as take tiles, where there are any
CASES = {  # network: shape of a sample
    "mlp:12-9-7": (3, 2, 2),
    "mlp-L3-H8": (3, 2, 2),
    "mlp:48-96-130": (3, 4, 4),
    "mlp-L4-H96": (3, 4, 4),
    "pmnist:8": (10, 1, 1),
    "conv-L2-H4": (3, 16, 16),
    "resnet8:0.25": (3, 16, 16),
    "resnet14:0.5": (1, 9, 7),
    "wrn10-1": (3, 12, 12),
    "densenet10-3": (3, 16, 16),
    "alexnet-cifar:0.05": (3, 16, 16),
}


def numbers(seed, count):
    """Uniform in [-0.5, 0.5): a multiplicative hash of the index, then a shuffle of its bits."""
    index = torch.arange(count, dtype=torch.int64)
    bits = (index * 2654435761 + seed * 40503 + 12345) & 0xFFFFFFFF
    bits = ((bits ^ (bits >> 15)) * 2246822519) & 0xFFFFFFFF
    bits = bits ^ (bits >> 13)
    return bits.double() / 2**32 - 0.5


def fill(name, tensor, seed):
    values = numbers(seed, tensor.numel()).reshape(tensor.shape)
    if name.endswith("running_var"):
        values = 1 + values
    elif tensor.dim() > 1:
        values = values * 3 / tensor[0].numel() ** 0.5
    elif name.endswith("weight"):
        values = 1 + values
    tensor.copy_(values.float())


class Margin:
    """The smallest number that any ReLU took, relative to their deviation."""

    def __init__(self):
        self.least = float("inf")
        self.relu = torch.nn.functional.relu

    def __call__(self, values, inplace=False):
        self.least = min(self.least, (values.detach().abs().min() / values.detach().std()).item())
        return self.relu(values)

    def __enter__(self):
        torch.nn.functional.relu = self
        return self

    def __exit__(self, *_):
        torch.nn.functional.relu = self.relu


def case(text, shape):
    draw = FIRST_DRAW
    while True:
        with Margin() as margin:
            tensors = results_of(text, shape, draw)
        if margin.least >= MARGIN:
            return {**tensors, f"{text}/inputs": torch.tensor([float(draw)])}
        draw += 1


def results_of(text, shape, draw):
    network = networks.network(text, shape, OUTPUTS).double()
    state = {name: tensor for name, tensor in network.state_dict().items() if tensor.dim() > 0}
    with torch.no_grad():
        for seed, (name, tensor) in enumerate(state.items()):
            fill(name, tensor, seed)
    size = shape[0] * shape[1] * shape[2]
    inputs = (4 * numbers(draw, SAMPLES * size)).float().double().reshape(SAMPLES, *shape)
    labels = torch.arange(SAMPLES) % OUTPUTS
    if isinstance(network, torch.nn.Sequential) and isinstance(network[0], torch.nn.Linear):
        inputs = inputs.flatten(1)
    results = {"evaluation": network.eval()(inputs)}
    results["training"] = network.train()(inputs)
    loss = torch.nn.functional.cross_entropy(results["training"], labels)
    loss.backward()
    results["loss"] = loss.reshape(1)
    for name, parameter in network.named_parameters():
        results["gradient." + name] = parameter.grad.flatten()[:: max(1, parameter.numel() // KEPT)]
    for name, tensor in state.items():
        if "running" in name:
            results["after." + name] = tensor
    return {f"{text}/{name}": tensor.detach().float().contiguous() for name, tensor in results.items()}


if __name__ == "__main__":
    tensors = {}
    for text, shape in CASES.items():
        tensors.update(case(text, shape))
    save_file(tensors, HERE / "networks.safetensors")
