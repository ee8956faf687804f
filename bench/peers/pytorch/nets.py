"""Crema's networks in PyTorch, with the names of Crema's parameters, which are torchvision's."""

import torch
import torch.nn.functional as F
from torch import nn


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2))
        self.classifier = nn.Sequential(
            nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))

    def forward(self, x):
        return self.classifier(self.features(F.pad(x, (2, 2, 2, 2))).flatten(1))


class AlexNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(3, 2))
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(True),
            nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(True), nn.Linear(4096, 1000))

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def conv(ic, oc, kernel, stride):
    return nn.Conv2d(ic, oc, kernel, stride, kernel // 2, bias=False)


class Block(nn.Module):
    def __init__(self, bottleneck, ic, width, stride):
        super().__init__()
        oc = 4 * width if bottleneck else width
        self.conv1 = conv(ic, width, 1, 1) if bottleneck else conv(ic, width, 3, stride)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = conv(width, width, 3, stride if bottleneck else 1)
        self.bn2 = nn.BatchNorm2d(width)
        if bottleneck:
            self.conv3, self.bn3 = conv(width, oc, 1, 1), nn.BatchNorm2d(oc)
        self.bottleneck = bottleneck
        self.downsample = None
        if stride != 1 or ic != oc:
            self.downsample = nn.Sequential(conv(ic, oc, 1, stride), nn.BatchNorm2d(oc))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)), inplace=True)))
        if self.bottleneck:
            y = self.bn3(self.conv3(F.relu(y, inplace=True)))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(y + shortcut, inplace=True)


class ResNet(nn.Module):
    def __init__(self, bottleneck, blocks):
        super().__init__()
        self.conv1, self.bn1 = conv(3, 64, 7, 2), nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        ic = 64
        for i, (width, count) in enumerate(zip((64, 128, 256, 512), blocks)):
            stage = []
            for j in range(count):
                stage.append(Block(bottleneck, ic, width, 2 if i > 0 and j == 0 else 1))
                ic = 4 * width if bottleneck else width
            setattr(self, f"layer{i + 1}", nn.Sequential(*stage))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(ic, 1000)

    def forward(self, x):
        x = self.maxpool(F.relu(self.bn1(self.conv1(x)), inplace=True))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


NETS = {
    "lenet": LeNet,
    "alexnet": AlexNet,
    "resnet18": lambda: ResNet(False, (2, 2, 2, 2)),
    "resnet50": lambda: ResNet(True, (3, 4, 6, 3)),
}
