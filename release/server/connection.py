"""Connections to the server: over TLS, as its administrator, with errors that show no value."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import conninfo

_STRICT = ("require", "verify-ca", "verify-full")
_SECRETS = ("password", "sslpassword", "passfile")
CONNECT_SECONDS = 10


class ServerError(Exception):
    """The server cannot be reached or did not do as it was told; the message holds no value."""


class ServerRefused(ServerError):
    """The server is not safe to publish to; the message says why."""

    exit_code = 4


@dataclass(frozen=True)
class Server:
    """Where to publish: libpq's parameters (RFC 3986 address or key-value text)."""

    parameters: dict[str, str]

    @classmethod
    def at(cls, address: str) -> "Server":
        """Read `postgresql://…`; TLS with a checked certificate unless it asks for `require`.

        Errors: `ServerRefused` for an address that is none, or one that allows sessions in clear.
        """
        try:
            parameters = {k: str(v) for k, v in conninfo.conninfo_to_dict(address).items()}
        except psycopg.ProgrammingError:
            raise ServerRefused("The address of the server cannot be read.") from None
        if not parameters.get("host", "").startswith("/"):
            parameters.setdefault("sslmode", "verify-full")
            if parameters["sslmode"] not in _STRICT:
                raise ServerRefused(
                    f"sslmode {parameters['sslmode']} would allow a session without TLS: "
                    "use verify-full, or require where the certificate cannot be checked."
                )
        return cls(parameters)

    @property
    def label(self) -> str:
        """How the server is named in ledger and messages: host, port and database."""
        get = self.parameters.get
        return f"{get('host', 'localhost')}:{get('port', '5432')}/{get('dbname', '')}"

    @property
    def text(self) -> str:
        """Connection text for libpq, secrets included."""
        return conninfo.make_conninfo("", **self.parameters)

    @property
    def text_without_secrets(self) -> str:
        """Connection text to be kept: a password comes from PGPASSFILE or PGPASSWORD later on."""
        kept = {name: v for name, v in self.parameters.items() if name not in _SECRETS}
        return conninfo.make_conninfo("", **kept)

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """Open a session in autocommit mode; end it at the end.

        Errors: `ServerError`, also for any statement that fails inside.
        """
        try:
            with psycopg.connect(
                self.text,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                application_name="asc",
                options="-c client_min_messages=error",
            ) as connection:
                yield connection
        except psycopg.OperationalError as error:
            if error.sqlstate is None:
                raise ServerError(f"The server {self.label} cannot be reached.") from None
            raise self.failure(error) from None
        except psycopg.Error as error:
            raise self.failure(error) from None

    def failure(self, error: psycopg.Error) -> ServerError:
        """Return what the server said, without detail, hint or statement."""
        said = error.diag.message_primary or type(error).__name__
        return ServerError(f"The server {self.label} said: {said}")
