"""Pages: static HTML from templates, with everything inside and nothing fetched."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.tables import shown


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = shown
    return environment


def render(template: str, **content: object) -> str:
    """Return a page; every value in it is escaped."""
    return _environment().get_template(template).render(**content)
