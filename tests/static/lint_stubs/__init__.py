"""What dbt puts into Jinja and sqlfluff's jinja templater does not: stand-ins for linting only."""

execute = False


class adapter:
    """Stands in for dbt's adapter: dispatch gives a function of the macro's name."""

    @staticmethod
    def dispatch(name, macro_namespace=None):
        """Return a macro that writes itself as one SQL call of its arguments."""
        return lambda *arguments: _CALLS.get(name, _call)(name, arguments)


class dbt:
    """Stands in for dbt's own macros."""

    @staticmethod
    def type_string():
        """Return the name of the text type."""
        return "varchar"

    @staticmethod
    def datediff(first, second, part):
        """Return SQL of the parts between two dates."""
        return f"date_diff('{part}', {first}, {second})"


def _call(name, arguments):
    return f"{name}({', '.join(str(argument) for argument in arguments[:1])})"


def _unpivoted(name, arguments):
    relation, columns, name_column, value_column = arguments
    listed = ", ".join(columns)
    return f"{relation} unpivot include nulls ({value_column} for {name_column} in ({listed}))"


def _written_whole(name, arguments):
    return f"{name}({', '.join(str(argument) for argument in arguments)})"


def _query(name, arguments):
    return "select 1 as row_id"


def _first_alone(name, arguments):
    return arguments[0]


_CALLS = {
    "unpivoted": _unpivoted,
    "days_between": _written_whole,
    "cells_listed": _query,
    "token_function": _first_alone,
}
