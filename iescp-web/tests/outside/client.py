"""A client that openapi-python-client generates from the server's own document, and people who use it."""

import importlib
import inspect
import json
import subprocess
import sys
import uuid
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import httpx

PASSWORD = "quite-a-long-phrase-of-nine-words"


class Refused(Exception):
    """The server said no."""

    def __init__(self, operation: str, problem: Any):
        super().__init__(f"{operation}: {problem.status} {problem.code}: {problem.detail}")
        self.problem = problem


class Api:
    """The generated client: its operations by their ids."""

    def __init__(self, document: str, directory: Path):
        self.document = json.loads(document)
        path = directory / "openapi.json"
        path.write_text(document)
        plain = directory / "generator.json"
        documents = {kind: "application/octet-stream" for kind in ("application/pdf", "application/zip")}
        plain.write_text(json.dumps({"post_hooks": [], "content_type_overrides": documents}))
        generator = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
        generated = subprocess.run(
            [*generator, "--path", path, "--meta", "none", "--output-path", directory / "generated", "--config", plain],
            text=True,
            capture_output=True,
        )
        assert generated.returncode == 0, f"no client can be generated: {generated.stdout}{generated.stderr}"
        sys.path.insert(0, str(directory))
        self.client = importlib.import_module("generated.client")
        self.unset = importlib.import_module("generated.types").UNSET
        files = (directory / "generated" / "api").glob("*/*.py")
        self.operations = {file.stem: import_operation(file) for file in files if file.stem != "__init__"}
        documented = {operation["operationId"] for operation in operations(self.document)}
        assert documented == set(self.operations), f"not generated: {documented - set(self.operations)}"


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation of a document, with its path and method."""
    return [
        {**operation, "path": path, "method": method}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def import_operation(file: Path) -> ModuleType:
    return importlib.import_module(f"generated.api.{file.parent.name}.{file.stem}")


class Person:
    """Somebody at their client, signed in or not."""

    def __init__(self, api: Api, address: str, name: str = ""):
        self.api = api
        self.name = name
        self.id: Any = None
        self.url = f"{address}/api/v1"
        self.use(None)

    def use(self, token: str | None) -> None:
        """From now on brings this access token."""
        self.token = token
        kinds = self.api.client
        made = {"base_url": self.url, "raise_on_unexpected_status": True, "timeout": httpx.Timeout(30)}
        self.client = kinds.AuthenticatedClient(token=token, **made) if token else kinds.Client(**made)

    def do(self, operation: str, *path: Any, body: dict[str, Any] | None = None, **more: Any) -> Any:
        """Asks for an operation by its id, with a key of its own where one is taken; the answer, as the client reads it."""
        call = self.api.operations[operation].sync_detailed
        takes = inspect.signature(call).parameters
        if "idempotency_key" in takes:
            more.setdefault("idempotency_key", str(uuid.uuid4()))
        if body is not None:
            more["body"] = model(takes["body"].annotation).from_dict(body)
        answer = call(*path, client=self.client, **more)
        if answer.status_code >= 400:
            raise Refused(operation, answer.parsed)
        return answer.parsed

    def register(self, role: str) -> "Person":
        account = {**self.credentials(), "email": f"{self.name}@example.com", "role": role, "display_name": self.name}
        self.do("register", body=account)
        return self.sign_in()

    def sign_in(self) -> "Person":
        self.use(None)
        self.use(self.do("log_in", body=self.credentials()).access_token)
        self.id = self.do("show_me").id
        return self

    def credentials(self) -> dict[str, Any]:
        return {"username": self.name, "password": PASSWORD}

    def versioned(self, path: str) -> tuple[dict[str, Any], str]:
        """A thing and its version, for `If-Match`."""
        answer = self.raw("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json(), answer.headers["etag"]

    def raw(self, method: str, path: str, content: bytes | str | None = None, **headers: str) -> httpx.Response:
        """A request that no generated client would send."""
        sent = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if content is not None:
            sent["Content-Type"] = "application/json"
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        return httpx.request(method, self.url + path, content=content, headers=sent, timeout=30)


def model(annotation: Any) -> Any:
    """The class of a body that may be left out."""
    return next((kind for kind in get_args(annotation) if hasattr(kind, "from_dict")), annotation)


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}
