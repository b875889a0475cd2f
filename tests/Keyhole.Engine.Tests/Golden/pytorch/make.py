# Writes the files beside this script. Run with Python 3 and PyTorch 1.13 (Debian 12's python3-torch); the bytes of the zip files depend on the version.
import argparse, collections, json, os, sys
import numpy, torch

folder = sys.argv[1]
torch.manual_seed(5)
def path(name): return os.path.join(folder, name)
base = torch.arange(12, dtype=torch.float32).reshape(3, 4) / 3
tied = torch.randn(2, 3)
kinds = collections.OrderedDict((str(kind)[6:], (torch.randn(5) * 50).to(kind)) for kind in
    [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool])
kinds["complex64"] = torch.zeros(2, dtype=torch.complex64)
views = collections.OrderedDict(
    whole=base, transposed=base.t(), columns=base[:, 1:3], row=base[1], column=base[:, 1:2], one_wide=base[2:3].t()[1:2],
    permuted=torch.arange(24.).reshape(2, 3, 4).permute(2, 0, 1), tied_a=tied, tied_b=tied, scalar=torch.tensor(2.5), empty=torch.zeros(0, 4),
    parameter=torch.nn.Parameter(torch.ones(2)), expanded=torch.ones(1, 3).expand(2, 3), sparse=torch.eye(2).to_sparse(), note="text", nothing=None)
args = argparse.Namespace(arch="transformer_lm", decoder_layers=2, dropout=0.5, tie=True, none=None, cutoff="2,4", betas=(0.9, 0.98), widths=[1, [2, 3]], nested={"a": 1, 2: "dropped"},
    big=1 << 70, negative=-5, small=-(1 << 40), infinite=float("inf"), dtype=torch.float16, device=torch.device("cpu"))
module = torch.nn.Linear(2, 3)

for container, zip in (("zip", True), ("legacy", False)):
    torch.save(kinds, path(f"kinds.{container}.pt"), _use_new_zipfile_serialization=zip)
    torch.save(views, path(f"views.{container}.pt"), _use_new_zipfile_serialization=zip)
    torch.save({"args": args, "model": dict(module.state_dict()), "epoch": numpy.float64(3), "seen": {1, 2}, "optimizer": torch.optim.Adam(module.parameters()).state_dict()},
        path(f"arguments.{container}.pt"), _use_new_zipfile_serialization=zip)
torch.save(module.state_dict(), path("protocol4.zip.pt"), pickle_protocol=4)
torch.save({"state_dict": module.state_dict()}, path("protocol4.legacy.pt"), pickle_protocol=4, _use_new_zipfile_serialization=False)
torch.save({"cfg": {"model": args, "task": {"data": "x"}}, "args": None, "model": module.state_dict()}, path("cfg.zip.pt"))
torch.save(module, path("object.zip.pt"))
torch.jit.save(torch.jit.script(module), path("script.zip.pt"))

values = {name: {"shape": list(tensor.shape), "values": tensor.to(torch.float64).flatten().tolist()}
    for table in (kinds, views) for name, tensor in table.items() if torch.is_tensor(tensor) and not tensor.is_complex() and not tensor.is_sparse}
values["module.weight"] = {"shape": [3, 2], "values": module.weight.flatten().tolist()}
json.dump(values, open(path("values.json"), "w"), indent=1)
