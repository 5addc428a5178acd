"""Makes golden.safetensors beside it: losses with their gradients, and six steps of each optimiser, as PyTorch computes
them in float64: pip install torch safetensors. Losses and optimisers are named as Morula describes them."""
import pathlib

import torch
from safetensors.torch import save_file

torch.manual_seed(1)
tensors = {}


def square_hinge(out, labels):
    wanted = labels.unsqueeze(1) if out.shape[1] == 1 else torch.nn.functional.one_hot(labels, out.shape[1])
    return torch.clamp(1 - (2 * wanted - 1) * out, min=0).square().sum(1).mean() / 2


def mean_squared_error(out, labels):
    return torch.nn.functional.mse_loss(out, torch.nn.functional.one_hot(labels, out.shape[1]).double())


def record(name, loss, out, labels):
    out = out.clone().requires_grad_()
    value = loss(out, labels)
    value.backward()
    tensors[name + ".loss"] = value.detach().reshape(1, 1)
    tensors[name + ".gradient"] = out.grad


out, labels = torch.randn(7, 5).double(), torch.tensor([0, 4, 2, 2, 1, 3, 0])
single, halves = torch.randn(7, 1).double(), torch.tensor([0, 1, 1, 0, 1, 0, 0])
record("cross-entropy", torch.nn.CrossEntropyLoss(), out, labels)
record("cross-entropy,smoothing=0.1", torch.nn.CrossEntropyLoss(label_smoothing=0.1), out, labels)
record("mse", mean_squared_error, out, labels)
record("hinge", square_hinge, out, labels)
record("single.hinge", square_hinge, single, halves)
tensors |= {"out": out, "labels": labels, "single.out": single, "single.labels": halves}

optimizers = {
    "sgd,lr=0.1": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd,lr=0.1,momentum=0.9,weight-decay=0.01":
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "sgd,lr=0.1,momentum=0.9,weight-decay=0.01,nesterov":
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True),
    "adam,lr=0.1": lambda p: torch.optim.Adam(p, lr=0.1),
    "adam,lr=0.1,beta1=0.8,beta2=0.9,eps=0.01,weight-decay=0.1":
        lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.9), eps=0.01, weight_decay=0.1),
    "adamw,lr=0.1": lambda p: torch.optim.AdamW(p, lr=0.1),
    "adamw,lr=0.1,weight-decay=0.1": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.1),
}
start, gradients = torch.randn(3, 5).double(), torch.randn(6, 3, 5).double()
for name, make in optimizers.items():
    parameter = torch.nn.Parameter(start.clone())
    optimizer = make([parameter])
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
    tensors[name] = parameter.detach()
tensors |= {"start": start, "gradients": gradients.reshape(18, 5)}

stored = {name: value.int() if value.dtype == torch.int64 else value.float() for name, value in tensors.items()}
save_file({name: value.contiguous() for name, value in stored.items()},
          pathlib.Path(__file__).parent / "golden.safetensors", metadata={"made": "by PyTorch " + torch.__version__})
