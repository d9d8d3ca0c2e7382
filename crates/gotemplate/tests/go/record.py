"""Has Go write `want` and `want_error` of every case: run it in `tests/go`."""

import json
import pathlib
import subprocess

cases = sorted(pathlib.Path(__file__).parent.parent.joinpath("cases").iterdir())
lines = []
for case in cases:
    mode = case.joinpath("missingkey")
    mode = mode.read_text().strip() if mode.exists() else "zero"
    lines.append(json.dumps({"tpl": case.joinpath("in").read_bytes().decode(), "mk": mode}))
done = subprocess.run(["go", "run", "main.go"], cwd=pathlib.Path(__file__).parent, input="\n".join(lines), text=True, capture_output=True, check=True)
for case, line in zip(cases, done.stdout.splitlines(), strict=True):
    given = json.loads(line)
    assert case.name.startswith("err_") == bool(given["Err"]), (case.name, given)
    case.joinpath("want").write_bytes(given["Out"].encode())
    if given["Err"]:
        case.joinpath("want_error").write_bytes(given["Err"].encode())
