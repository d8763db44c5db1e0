"""A PostgreSQL cluster in a folder of its own: TLS and SCRAM only, run by a user without rights."""

import contextlib
import datetime
import ipaddress
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
_HBA = """
hostssl all all 127.0.0.1/32 scram-sha-256
host all all all reject
"""


def programs() -> Path | None:
    """Folder of initdb and postgres, or None."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    places += [Path(found).resolve().parent] if found else []
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


class OwnPostgres:
    """One cluster. `password` is that of its administrator `postgres`."""

    def __init__(self) -> None:
        # Not below pytest's folder, which only its owner may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="own-postgres-"))
        self.data = self.folder / "cluster"
        self.certificate = self.folder / "server.crt"
        self.log = self.folder / "server.log"
        self.password = secrets.token_urlsafe(16)
        self.databases = 0
        self.audits = (programs().parent / "lib" / "pgaudit.so").exists()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen | None = None

    def _as_user(self) -> dict:
        """PostgreSQL refuses to run as root: then the first ordinary user of the system runs it."""
        if os.getuid() != 0:
            return {}
        for name in ("postgres", "nobody"):
            try:
                user = pwd.getpwnam(name)
                return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            except KeyError:
                continue
        raise RuntimeError("no ordinary user to run PostgreSQL as")

    def start(self) -> None:
        who = self._as_user()
        if who:
            os.chown(self.folder, who["user"], who["group"])
        secret = self.folder / "secret"
        secret.write_text(self.password)
        self._make_certificate()
        for path in (secret, self.certificate, self.folder / "server.key"):
            path.chmod(0o600)
            if who:
                os.chown(path, who["user"], who["group"])
        where = programs()
        subprocess.run(
            [where / "initdb", "-D", self.data, "-U", "postgres", "--pwfile", secret, *_INITDB],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **who,
        )
        secret.unlink()
        self.certificate.chmod(0o644)
        (self.data / "pg_hba.conf").write_text(_HBA)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "ssl": "on",
            "ssl_cert_file": self.certificate,
            "ssl_key_file": self.folder / "server.key",
            "fsync": "off",
            "shared_buffers": "64MB",
            "max_connections": 60,
        }
        if self.audits:
            settings["shared_preload_libraries"] = "pgaudit"
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [where / "postgres", "-D", self.data],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **who,
            )
        for _ in range(200):
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start: " + self.log.read_text()[-2000:])

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(
        self, dbname: str = "postgres", user: str = "postgres", password: str | None = None
    ):
        """A session as the administrator, or as whoever is named."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            dbname=dbname,
            user=user,
            password=password or self.password,
            sslmode="verify-full",
            sslrootcert=str(self.certificate),
            autocommit=True,
        )

    def address(self, dbname: str) -> str:
        return (
            f"postgresql://postgres@127.0.0.1:{self.port}/{dbname}"
            f"?sslmode=verify-full&sslrootcert={self.certificate}"
        )

    def make_database(self) -> str:
        self.databases += 1
        name = f"test_{self.databases}"
        with self.connect() as connection:
            connection.execute(f"create database {name} template template0")
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database and the roles that nothing holds any more."""
        with self.connect() as connection:
            connection.execute(f"drop database {name} with (force)")
            roles = connection.execute(
                "select rolname from pg_roles where oid >= 16384 and rolname <> 'postgres'"
            ).fetchall()
            for (role,) in roles:
                with contextlib.suppress(psycopg.errors.DependentObjectsStillExist):
                    connection.execute(f'drop role "{role}"')

    def _make_certificate(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.UTC)
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        names = x509.SubjectAlternativeName([x509.DNSName("localhost"), address])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=2))
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        (self.folder / "server.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
