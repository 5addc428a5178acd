"""Morula's presets as PyTorch modules: weights written by `morula train` load into them with load_state_dict, and back.

    import networks, safetensors.torch
    net = networks.network("resnet20", (3, 32, 32), 10)
    net.load_state_dict(safetensors.torch.load_file("run/model.safetensors"))

Written independently of Morula's sources, so that tests can hold one against the other.
"""
import re

import torch
from torch import nn
from torch.nn import functional


def mlp(sizes, outputs):
    layers = []
    for inputs, width in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, width), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))


def normalised_mlp(inputs, widths, outputs, bias):
    layers = []
    for width in widths:
        layers += [nn.Linear(inputs, width, bias=bias), nn.BatchNorm1d(width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


def deep_convolution(sample, depth, width, outputs):
    def unit(inputs, kernel, stride, padding):
        return [nn.Conv2d(inputs, width, kernel, stride, padding), nn.BatchNorm2d(width), nn.ReLU()]

    layers = unit(sample[0], 2, 2, 0) + unit(width, 2, 2, 0)
    for _ in range(depth):
        layers += unit(width, 3, 1, 1)
    features = width * (sample[1] // 4) * (sample[2] // 4)
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(features, outputs))


def convolution3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = convolution3(inputs, outputs, stride), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = convolution3(outputs, outputs), nn.BatchNorm2d(outputs)
        self.shortcut = nn.Sequential()
        if inputs != outputs or stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        out = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(out)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, channels, blocks, width, outputs):
        super().__init__()
        self.conv1, self.bn1 = convolution3(channels, width), nn.BatchNorm2d(width)
        inputs = width
        for stage in range(3):
            layers = []
            for block in range(blocks):
                layers.append(BasicBlock(inputs, width << stage, 2 if stage > 0 and block == 0 else 1))
                inputs = width << stage
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(inputs, outputs)

    def forward(self, x):
        out = functional.relu(self.bn1(self.conv1(x)))
        out = self.layer3(self.layer2(self.layer1(out)))
        return self.fc(out.mean((2, 3)))


class PreActivationBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), convolution3(inputs, outputs, stride)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs), convolution3(outputs, outputs)
        self.same = inputs == outputs and stride == 1
        if not self.same:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        activation = functional.relu(self.bn1(x))
        out = self.conv2(functional.relu(self.bn2(self.conv1(activation))))
        return out + (x if self.same else self.shortcut(activation))


class WideResNet(nn.Module):
    def __init__(self, channels, blocks, factor, outputs):
        super().__init__()
        self.conv1 = convolution3(channels, 16)
        inputs = 16
        for stage in range(3):
            layers = []
            for block in range(blocks):
                width = (16 << stage) * factor
                layers.append(PreActivationBlock(inputs, width, 2 if stage > 0 and block == 0 else 1))
                inputs = width
            setattr(self, f"block{stage + 1}", nn.Sequential(*layers))
        self.bn1 = nn.BatchNorm2d(inputs)
        self.fc = nn.Linear(inputs, outputs)

    def forward(self, x):
        out = self.block3(self.block2(self.block1(self.conv1(x))))
        return self.fc(self.bn1(out).mean((2, 3)))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), convolution3(inputs, growth)

    def forward(self, x):
        return torch.cat([x, self.conv1(functional.relu(self.bn1(x)))], 1)


class Transition(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(channels), nn.Conv2d(channels, channels, 1, bias=False)

    def forward(self, x):
        return functional.avg_pool2d(self.conv1(functional.relu(self.bn1(x))), 2)


class DenseNet(nn.Module):
    def __init__(self, channels, layers, growth, outputs):
        super().__init__()
        self.conv1 = convolution3(channels, 16)
        width = 16
        for stage in range(1, 4):
            dense = []
            for _ in range(layers):
                dense.append(DenseLayer(width, growth))
                width += growth
            setattr(self, f"dense{stage}", nn.Sequential(*dense))
            if stage < 3:
                setattr(self, f"transition{stage}", Transition(width))
        self.bn1 = nn.BatchNorm2d(width)
        self.fc = nn.Linear(width, outputs)

    def forward(self, x):
        out = self.transition1(self.dense1(self.conv1(x)))
        out = self.dense3(self.transition2(self.dense2(out)))
        return self.fc(self.bn1(out).mean((2, 3)))


class AlexNet(nn.Module):
    def __init__(self, sample, factor, outputs):
        super().__init__()
        first, second, third, fourth = (max(1, int(width * factor + 0.5)) for width in (96, 256, 384, 192))
        self.conv1, self.conv2 = nn.Conv2d(sample[0], first, 5, 1, 2), nn.Conv2d(first, second, 5, 1, 2)
        self.pool, self.norm = nn.MaxPool2d(3, 2, 1), nn.LocalResponseNorm(9, 1e-3, 0.75, 1)
        height, width = ((((size + 1) // 2) + 1) // 2 for size in sample[1:])
        self.fc1, self.fc2 = nn.Linear(second * height * width, third), nn.Linear(third, fourth)
        self.fc3 = nn.Linear(fourth, outputs)

    def forward(self, x):
        out = self.norm(self.pool(functional.relu(self.conv1(x))))
        out = self.pool(self.norm(functional.relu(self.conv2(out)))).flatten(1)
        return self.fc3(functional.relu(self.fc2(functional.relu(self.fc1(out)))))


def network(text, sample, outputs):
    """The module of the preset `text`, for samples of shape (channels, height, width)."""
    size = sample[0] * sample[1] * sample[2]

    def match(pattern):
        found = re.fullmatch(pattern, text)
        return found and [float(group) if group and "." in group else int(group or 1) for group in found.groups()]

    if text.startswith("mlp:"):
        return mlp([int(width) for width in text[4:].split("-")], outputs)
    if numbers := match(r"mlp-L(\d+)-H(\d+)"):
        return normalised_mlp(size, [numbers[1]] * numbers[0], outputs, bias=True)
    if numbers := match(r"pmnist:(\d+)"):
        return normalised_mlp(size, numbers * 5, outputs, bias=False)
    if numbers := match(r"conv-L(\d+)-H(\d+)"):
        return deep_convolution(sample, numbers[0], numbers[1], outputs)
    if numbers := match(r"resnet(\d+)(?::([\d.]+))?"):
        return ResNet(sample[0], (numbers[0] - 2) // 6, max(1, int(16 * numbers[1] + 0.5)), outputs)
    if numbers := match(r"wrn(\d+)-(\d+)"):
        return WideResNet(sample[0], (numbers[0] - 4) // 6, numbers[1], outputs)
    if numbers := match(r"densenet(\d+)-(\d+)"):
        return DenseNet(sample[0], (numbers[0] - 4) // 3, numbers[1], outputs)
    if numbers := match(r"alexnet-cifar(?::([\d.]+))?"):
        return AlexNet(sample, numbers[0], outputs)
    if numbers := match(r"teacher-student:d=(\d+),m=(\d+)"):
        return mlp([numbers[0], 32 * numbers[1]], outputs)
    raise ValueError(f"no network is called {text}")
