"""Trains a preset in PyTorch eager by the recipe that compare_accuracy.py gives, and prints its errors as one JSON object.

    python accuracy.py --net mlp:784-256-256-512 --data fashion-mnist:DIR --train-size 10000 --epochs 10 --seed 1 ...

The samples are standardised by the mean and deviation of the whole train set, or projected on whitened principal
components of it (--pca), the weights PyTorch's own first ones (or He's: --init he), the schedule a cosine over epochs.
"""
import argparse
import gzip
import json
import math
import pathlib

import numpy
import torch
from torch.nn import functional

import networks


def idx(folder, name):
    for path in (folder / name, folder / (name + ".gz"), folder / name.replace("-idx", ".idx")):
        if path.exists():
            data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
            dimensions = data[3]
            shape = numpy.frombuffer(data, ">u4", dimensions, 4)
            return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)
    raise FileNotFoundError(folder / name)


def load(data):
    """Samples (count x channels x height x width, 0 to 1) and labels of the train and the test split."""
    kind, folder = data.split(":", 1)
    folder = pathlib.Path(folder)
    splits = []
    for prefix in ("train", "t10k"):
        if kind == "cifar10":
            names = sorted(folder.glob("data_batch_*.bin")) if prefix == "train" else [folder / "test_batch.bin"]
            rows = numpy.concatenate([numpy.fromfile(name, numpy.uint8).reshape(-1, 3073) for name in names])
            images, labels = rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]
        else:
            images, labels = idx(folder, prefix + "-images-idx3-ubyte")[:, None], idx(folder, prefix + "-labels-idx1-ubyte")
        splits.append((torch.from_numpy(images / 255.0), torch.from_numpy(labels.astype(numpy.int64))))
    return splits


def prepare(train, test, options):
    mean, deviation = train.mean(), train.std(unbiased=False)
    train, test = (train - mean) / deviation, (test - mean) / deviation
    if options.pca:
        train, test = train.flatten(1), test.flatten(1)
        centre = train.mean(0)
        variances, axes = torch.linalg.eigh((train - centre).T @ (train - centre) / len(train))
        axes = axes[:, -options.pca:] / variances[-options.pca:].sqrt()
        train, test = (train - centre) @ axes, (test - centre) @ axes
    return train.float(), test.float()


def augmented(images, generator):
    """A crop of each image padded by 4 zeros, and a flip of every second on average."""
    count, _, height, width = images.shape
    padded = functional.pad(images, (4, 4, 4, 4))
    offsets = torch.randint(9, (count, 2), generator=generator)
    flips = torch.rand(count, generator=generator) < 0.5
    out = torch.stack([padded[i, :, y:y + height, x:x + width] for i, (y, x) in enumerate(offsets.tolist())])
    out[flips] = out[flips].flip(3)
    return out


def loss_of(options, out, labels):
    if options.loss == "hinge":
        return 0.5 * torch.clamp(1 - (2 * labels[:, None] - 1) * out, min=0).square().mean()
    return functional.cross_entropy(out, labels)


def error(net, inputs, labels, options):
    net.eval()
    with torch.no_grad():
        out = torch.cat([net(part) for part in inputs.split(500)])
    guesses = (out[:, 0] > 0).long() if options.loss == "hinge" else out.argmax(1)
    return (guesses != labels).double().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, kind, default in (("net", str, None), ("data", str, None), ("init", str, "pytorch"), ("loss", str, "cross-entropy"),
                                ("pca", int, 0), ("train-size", int, None), ("epochs", int, 10), ("batch", int, 128),
                                ("lr", float, 0.05), ("momentum", float, 0.9), ("weight-decay", float, 5e-4),
                                ("seed", int, 1), ("threads", int, 2), ("warm-up", int, 0)):
        parser.add_argument("--" + name, type=kind, default=default)
    parser.add_argument("--parity", action="store_true")
    parser.add_argument("--augment", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    (train, labels), (test, test_labels) = load(options.data)
    train, labels = train[:options.train_size], labels[:options.train_size]
    if options.parity:
        labels, test_labels = labels % 2, test_labels % 2
    train, test = prepare(train, test, options)
    shape = tuple(train.shape[1:]) if train.dim() == 4 else (train.shape[1], 1, 1)
    net = networks.network(options.net, shape, 1 if options.loss == "hinge" else int(labels.max()) + 1)
    if isinstance(net, torch.nn.Sequential) and isinstance(net[0], torch.nn.Linear):
        train, test = train.flatten(1), test.flatten(1)
    if options.init == "he":
        for module in net.modules():
            if isinstance(module, (torch.nn.Linear, torch.nn.Conv2d)):
                torch.nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                if module.bias is not None:
                    torch.nn.init.zeros_(module.bias)
    optimizer = torch.optim.SGD(net.parameters(), options.lr, options.momentum, weight_decay=options.weight_decay)
    for epoch in range(options.epochs):
        warm = options.warm_up
        factor = ((epoch + 1) / (warm + 1) if epoch < warm
                  else (1 + math.cos(math.pi * (epoch - warm) / (options.epochs - warm))) / 2)
        for group in optimizer.param_groups:
            group["lr"] = options.lr * factor
        net.train()
        for batch in torch.randperm(len(train), generator=generator).split(options.batch):
            inputs = augmented(train[batch], generator) if options.augment else train[batch]
            optimizer.zero_grad()
            loss_of(options, net(inputs), labels[batch]).backward()
            optimizer.step()
    print(json.dumps({"trainError": error(net, train, labels, options),
                      "testError": error(net, test, test_labels, options)}))


if __name__ == "__main__":
    main()
