"""Ways in that README names beside psql and Python: ODBC, which Excel has, and JDBC, DBeaver's."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from own_postgres import OwnPostgres
from publishing import A, Standing, dbname_of

from plugins.keys import KeyRing

JDBC = Path("/usr/share/java/postgresql.jar")
ASKED = "select age_band, count(*) as persons from linked_persons group by 1 order by 1"
PROGRAM = """
import java.sql.*;

public class Ask {{
    public static void main(String[] given) throws Exception {{
        try (Connection session = DriverManager.getConnection(given[0], given[1],
                System.getenv("PGPASSWORD"));
                ResultSet rows = session.createStatement().executeQuery("{asked}")) {{
            while (rows.next()) System.out.println(rows.getString(1) + "|" + rows.getLong(2));
        }}
    }}
}}
"""


@pytest.fixture
def desk(postgres: OwnPostgres, tmp_path: Path) -> Path:
    """The analyst's own folder, with the certificate where libpq looks for it."""
    (tmp_path / ".postgresql").mkdir()
    shutil.copy(postgres.certificate, tmp_path / ".postgresql" / "root.crt")
    return tmp_path


def environment(desk: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(desk)} | more


def by_odbc(
    postgres: OwnPostgres, standing: Standing, desk: Path, password: str
) -> subprocess.CompletedProcess:
    source = {
        "Driver": "PostgreSQL Unicode",
        "Servername": "127.0.0.1",
        "Port": postgres.port,
        "Database": dbname_of(standing.database),
        "SSLmode": "verify-full",
    }
    lines = "".join(f"{name} = {value}\n" for name, value in source.items())
    (desk / "odbc.ini").write_text(f"[release]\n{lines}")
    return subprocess.run(
        ["isql", "-b", "-d|", "release", A, password],
        input=ASKED + "\n",
        env=environment(desk, ODBCINI=str(desk / "odbc.ini")),
        cwd=desk,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_data_source_of_odbc_reads_the_release_over_a_checked_certificate(
    postgres: OwnPostgres, standing: Standing, desk: Path
):
    drivers = shutil.which("odbcinst") and subprocess.run(
        ["odbcinst", "-q", "-d"], capture_output=True, text=True, check=False
    )
    if not drivers or "PostgreSQL Unicode" not in drivers.stdout:
        pytest.skip("NOT TESTED: there is no driver of PostgreSQL for ODBC here")
    password = KeyRing(standing.home.keys).analyst_password(A)
    asked = by_odbc(postgres, standing, desk, password)
    assert asked.stdout.split() == ["65-69|160", "90+|40"], asked.stderr
    assert by_odbc(postgres, standing, desk, "wrong").returncode != 0
    # Without the certificate the server is not believed.
    (desk / ".postgresql" / "root.crt").unlink()
    assert by_odbc(postgres, standing, desk, password).returncode != 0


def by_jdbc(standing: Standing, desk: Path, postgres: OwnPostgres, options: str):
    (desk / "Ask.java").write_text(PROGRAM.format(asked=ASKED))
    address = (
        f"jdbc:postgresql://127.0.0.1:{postgres.port}/{dbname_of(standing.database)}?{options}"
    )
    password = KeyRing(standing.home.keys).analyst_password(A)
    return subprocess.run(
        ["java", "-cp", JDBC, "Ask.java", address, A],
        env=environment(desk, PGPASSWORD=password),
        cwd=desk,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_connection_of_jdbc_reads_the_release_over_a_checked_certificate(
    postgres: OwnPostgres, standing: Standing, desk: Path
):
    if shutil.which("javac") is None or not JDBC.exists():
        pytest.skip("NOT TESTED: there is no Java with PostgreSQL's driver here")
    certificate = desk / ".postgresql" / "root.crt"
    asked = by_jdbc(standing, desk, postgres, f"sslmode=verify-full&sslrootcert={certificate}")
    assert asked.stdout.split() == ["65-69|160", "90+|40"], asked.stderr
    assert by_jdbc(standing, desk, postgres, "sslmode=disable").returncode != 0
