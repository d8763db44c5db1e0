"""Errors as one clear sentence on stderr, without a traceback and without anybody's data."""

import errno
import traceback
from pathlib import Path

import click

EXIT_FAILED = 1
EXIT_USAGE = 2
# Errors that these packages define are worded to be shown: no value of anybody's record.
_OWN_PACKAGES = ("cli", "loaders", "plugins", "release", "reports", "samples")
_LOCKED = "Could not set lock"
_WRONG_KEY = "Wrong encryption key"


class CommandFailed(Exception):
    """A command cannot go on; the message is the sentence to show, free of values."""

    def __init__(self, sentence: str, exit_code: int = EXIT_FAILED) -> None:
        """Keep the sentence and the exit code."""
        super().__init__(sentence)
        self.exit_code = exit_code


def sentence(error: Exception) -> str:
    """Return one line that says what went wrong.

    Texts of errors that our packages define are shown whole, database errors without values; of
    any other error only its type and the line of code it came from.
    """
    import duckdb

    from plugins.errors import without_values

    if type(error).__module__.partition(".")[0] in _OWN_PACKAGES:
        return str(error)
    if isinstance(error, duckdb.Error):
        text = str(error)
        if _LOCKED in text:
            return "A zone is in use by another process: try again when it has ended."
        if _WRONG_KEY in text:
            return "The key at hand does not open this file."
        return without_values(error).strip().splitlines()[0]
    if isinstance(error, ModuleNotFoundError):
        return f"This installation lacks the module {error.name}."
    if isinstance(error, FileNotFoundError | FileExistsError) and error.filename is None:
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{Path(error.filename).name}: {error.strerror}."
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return f"Unexpected error ({type(error).__name__} in {where})."


class SafeGroup(click.Group):
    """A click group whose commands end in a sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; turn every error but click's own into a sentence and an exit code."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise
            click.echo(sentence(error), err=True)
            ctx.exit(getattr(error, "exit_code", EXIT_FAILED))
