"""The key ring: files of 32 random bytes, and the keys derived from the root key per domain.

Key files hold base64 text of 32 bytes (RFC 4648), mode 0600. Names:

* `root.v<N>.key`            the one secret from which every token key is derived (HKDF-SHA-256)
* `identifiable.v<N>.key`, `pseudonymised.v<N>.key`   the two zone files
* `delivery-<REF>.v<N>.key`  the release files of one agreement

The highest version is the current one; older versions stay, so that older files can be opened.
`domains.json` holds the version of each token domain and password (default 1); rotating the root
key raises them all. No key is ever printed: `repr` and errors name ids only. A council's password
is shown on request alone, an analyst's is only ever sealed.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PRODUCT = "asc-client-level-warehouse"
KEY_BYTES = 32
ROW_LISTS = "rows-"  # before a council's code: the domain of its password
LOGINS = "login-"  # before a login of the server: the domain of its password
SERVER_NAMES = "server-"  # before an agreement's reference: the domain of its name on a server
_PASSWORD_BYTES, _PASSWORD_GROUP = 20, 4
ZONES = ("identifiable", "pseudonymised")
_KEY_FILE = re.compile(
    r"^(?P<name>root|identifiable|pseudonymised|delivery-[\w.-]+)\.v(?P<v>\d+)\.key$"
)


class KeyRingError(Exception):
    """A key is missing, too open, or malformed. The message names the file, never its content."""


@dataclass(frozen=True)
class Key:
    """One key. `id` and `check_value` (4 bytes, hex) may be shown; `secret` never."""

    name: str
    version: int
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Name and version, e.g. `root.v1`."""
        return f"{self.name}.v{self.version}"

    @property
    def check_value(self) -> str:
        """First 4 bytes of HMAC-SHA-256(key, "check"), hex: tells keys apart, reveals none."""
        return hmac.new(self.secret, b"check", hashlib.sha256).hexdigest()[:8]

    @property
    def text(self) -> str:
        """Base64 text, the form DuckDB takes as `ENCRYPTION_KEY` for a raw 32-byte key."""
        return base64.b64encode(self.secret).decode("ascii")


class KeyRing:
    """The keys of one warehouse, in one folder."""

    def __init__(self, folder: Path) -> None:
        """Open the ring in `folder`; nothing is read until a key is asked for."""
        self.folder = Path(folder)

    # ---------------------------------------------------------------- making
    def initialise(self) -> list[str]:
        """Make the root and zone keys that are missing; return the ids made. Safe to repeat."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        names = ("root", *ZONES)
        return [self.make(name, 1).id for name in names if not self.versions(name)]

    def rotate(self, domain: str) -> str:
        """Give `domain` its next version and return its new id.

        `root`, a zone or `delivery-<REF>`: a new key file. Any other name is a token domain
        (`linkage`, or an agreement reference): its version in `domains.json` goes up by one.
        """
        self.require()
        if domain == "root" or domain in ZONES or domain.startswith("delivery-"):
            versions = self.versions(domain)
            return self.make(domain, versions[-1] + 1 if versions else 1).id
        domains = self._domains()
        domains[domain] = int(domains.get(domain, 1)) + 1
        temporary = self.folder / "domains.json.new"
        temporary.write_text(json.dumps(domains, indent=1, sort_keys=True) + "\n")
        temporary.chmod(0o600)
        temporary.replace(self.folder / "domains.json")
        return f"{domain}.v{self.domain_version(domain)}"

    def make(self, name: str, version: int) -> Key:
        """Make the key file of one name and version, mode 0600; `FileExistsError` if there."""
        path = self.folder / f"{name}.v{version}.key"
        secret = secrets.token_bytes(KEY_BYTES)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.b64encode(secret).decode("ascii") + "\n")
            file.flush()
            os.fsync(file.fileno())
        return Key(name, version, secret)

    # --------------------------------------------------------------- reading
    def require(self) -> None:
        """Refuse to go on without keys, so that nothing is ever written under a made-up one."""
        if not self.versions("root"):
            raise KeyRingError(f"No keys in {self.folder}: run `asc keys init` first.")

    def versions(self, name: str) -> list[int]:
        """Versions at hand of the key file `name`, ascending."""
        if not self.folder.is_dir():
            return []
        found = (_KEY_FILE.match(path.name) for path in self.folder.iterdir())
        return sorted(int(m["v"]) for m in found if m and m["name"] == name)

    def key(self, name: str, version: int | None = None) -> Key:
        """Read a key file; the current version when none is named."""
        versions = self.versions(name)
        if not versions or (version is not None and version not in versions):
            wanted = name if version is None else f"{name}.v{version}"
            raise KeyRingError(f"Key {wanted} is not in {self.folder}: run `asc keys init`.")
        version = versions[-1] if version is None else version
        path = self.folder / f"{name}.v{version}.key"
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyRingError(
                f"Key file {path.name} can be read by others: run `chmod 600 {path.name}`."
            )
        try:
            secret = base64.b64decode(path.read_text().strip(), validate=True)
        except ValueError:
            secret = b""
        if len(secret) != KEY_BYTES:
            raise KeyRingError(f"Key file {path.name} does not hold {KEY_BYTES} bytes in base64.")
        return Key(name, version, secret)

    def delivery_key(self, agreement_reference: str) -> Key:
        """Return the current delivery key of an agreement, made on first use."""
        name = f"delivery-{agreement_reference}"
        return self.key(name) if self.versions(name) else self.make(name, 1)

    def keys_listed(self) -> list[dict]:
        """List ids, check values and token-domain versions; no key material."""
        names = sorted(
            {m["name"] for p in self.folder.glob("*.key") if (m := _KEY_FILE.match(p.name))}
        )
        files = [self.key(name, version) for name in names for version in self.versions(name)]
        listed = [{"id": k.id, "kind": "key file", "check_value": k.check_value} for k in files]
        domains = {name: self.domain_version(name) for name in ("linkage", *self._domains())}
        return listed + [
            {
                "id": f"{name}.v{version}",
                "kind": "password" if name.startswith((ROW_LISTS, LOGINS)) else "token domain",
                "check_value": None,
            }
            for name, version in sorted(domains.items())
        ]

    # -------------------------------------------------------------- deriving
    def domain_version(self, domain: str) -> int:
        """Version of a token domain; 1 until it, or the root key it hangs on, is rotated."""
        root = self.versions("root")
        return int(self._domains().get(domain, 1)) + (root[-1] - 1 if root else 0)

    def token_key(self, domain: str) -> bytes:
        """Derive the 32-byte key of a token domain: HKDF-SHA-256 (RFC 5869) over the root key."""
        return self._derived("token", domain, KEY_BYTES)

    def council_password(self, la_code: str) -> str:
        """Derive the password of a council's row lists: 160 bits, `ABCD-EFGH-…` (RFC 4648 base32).

        It changes when the root key or the domain `rows-<code>` is rotated.
        """
        return self._password(ROW_LISTS + la_code)

    def analyst_password(self, login: str) -> str:
        """Derive the password of a login of the server, in the same form.

        It changes when the root key or the domain `login-<login>` is rotated.
        """
        return self._password(LOGINS + login)

    def server_name(self, agreement_reference: str) -> str:
        """Derive the name of an agreement's schema and group role: `r_` and 16 hex digits.

        All logins of a server can see it, so it says nothing of the agreement.
        """
        return "r_" + self._derived("name", SERVER_NAMES + agreement_reference, 8).hex()

    def _password(self, domain: str) -> str:
        secret = self._derived("password", domain, _PASSWORD_BYTES)
        text = base64.b32encode(secret).decode("ascii")
        groups = range(0, len(text), _PASSWORD_GROUP)
        return "-".join(text[at : at + _PASSWORD_GROUP] for at in groups)

    def _derived(self, purpose: str, domain: str, length: int) -> bytes:
        info = "|".join((PRODUCT, purpose, domain, f"v{self.domain_version(domain)}"))
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info.encode()).derive(
            self.key("root").secret
        )

    def _domains(self) -> dict[str, int]:
        path = self.folder / "domains.json"
        return json.loads(path.read_text()) if path.exists() else {}
