"""Takes training steps with PyTorch: the peer that the training graphs are measured against.

Called with the task's name, a folder of tensors (NAME.f32 with shapes in shapes.json) and a number of threads. Reads how many
steps to take from each line of standard input and answers with one JSON line: milliseconds per step and the losses.
"""

import json
import sys
import time

import numpy
import torch
import torch.nn.functional as F

task, folder, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.set_num_threads(threads)

with open(f"{folder}/shapes.json") as file:
    shapes = json.load(file)


def tensor(name):
    values = numpy.fromfile(f"{folder}/{name}.f32", dtype=numpy.float32)
    return torch.from_numpy(values.reshape(shapes[name]).copy())


given = {name: tensor(name) for name in shapes}
learned = {name: value.requires_grad_() for name, value in given.items() if name.startswith("learned.")}


def weight(name):
    return learned[f"learned.{name}"]


def layer(x, name, dense=False, relu=True, padding=0):
    if dense:
        y = torch.flatten(x, 1) @ weight(f"{name}.weight") + weight(f"{name}.bias")
    else:
        y = F.conv2d(x, weight(f"{name}.weight"), weight(f"{name}.bias"), padding=padding)
    return F.relu(y) if relu else y


def reference():
    images = given["images"]
    x = layer(F.max_pool2d(images, 2), "locate.2", relu=False)
    x = layer(F.max_pool2d(x, 2), "locate.4", relu=False)
    theta = layer(layer(x, "locate.5", dense=True), "locate.6", dense=True, relu=False)
    grid = F.affine_grid(theta.view(-1, 2, 3), [images.shape[0], 1, 20, 20], align_corners=True)
    x = F.grid_sample(images, grid, align_corners=True)
    x = F.max_pool2d(layer(x, "classify.1", padding=1), 2)
    x = F.max_pool2d(layer(x, "classify.3"), 2)
    x = layer(layer(x, "classify.5", dense=True), "classify.6", dense=True, relu=False)
    return F.cross_entropy(x, given["labels"].argmax(1))


def sampled_loss(maps, theta):
    grid = F.affine_grid(theta, list(maps.shape), align_corners=True)
    crops = F.grid_sample(maps, grid, align_corners=True)
    return (crops * crops * given["weights"]).mean()


def sampler_as_layer():
    return sampled_loss(given["maps"] * weight("factors"), given["theta"] + weight("shared"))


def sampler():
    return sampled_loss(weight("maps"), weight("theta"))


loss_of = {"reference": reference, "layer": sampler_as_layer, "sampler": sampler}[task]
optimiser = torch.optim.Adam(learned.values(), lr=3e-5, eps=1e-8)

for line in sys.stdin:
    times, losses = [], []
    for _ in range(int(line)):
        started = time.perf_counter()
        optimiser.zero_grad()
        loss = loss_of()
        loss.backward()
        optimiser.step()
        times.append(1000 * (time.perf_counter() - started))
        losses.append(loss.item())
    print(json.dumps({"milliseconds": times, "losses": losses}), flush=True)
