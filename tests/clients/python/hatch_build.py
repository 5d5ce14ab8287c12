"""Makes the Python stubs of the wire contract while the wheel is built.

The contract is the `.proto` files; committed stubs would be a second copy that can differ.
They are made in a temporary folder, so that building leaves nothing in the source tree.
"""

import tempfile
from pathlib import Path
from typing import Any

from grpc_tools import protoc
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Beside this file in a source archive, at the top of a checkout otherwise.
PLACES = ("proto", "../../../proto")


class Stubs(BuildHookInterface):
    """Generates `littoral/v1/*_pb2*.py` and puts it beside the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before the wheel is put together."""
        places = [Path(self.root, place) for place in PLACES]
        contract = next((place for place in places if (place / "littoral/v1").is_dir()), None)
        if contract is None:
            raise RuntimeError(f"no littoral/v1/*.proto in {' or '.join(map(str, places))}")
        # Removed when the interpreter ends, which is after the wheel is written.
        self.folder = tempfile.TemporaryDirectory(prefix="littoral-stubs-")
        out = self.folder.name
        outputs = [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
        files = sorted(str(path) for path in contract.glob("littoral/v1/*.proto"))
        if protoc.main(["protoc", f"-I{contract}", *outputs, *files]) != 0:
            raise RuntimeError("protoc failed; its own message is above")
        Path(out, "littoral/py.typed").touch()
        build_data["force_include"][f"{out}/littoral"] = "littoral"
