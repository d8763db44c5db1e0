"""How far the models are covered by tests and documentation, in lines for people."""


def coverage(manifest: dict) -> list[str]:
    """Return a line for each kind of cover, and one that names the models no dbt test reads."""
    models = {
        n["unique_id"]: n for n in manifest["nodes"].values() if n["resource_type"] == "model"
    }
    columns = [column for model in models.values() for column in model["columns"].values()]
    by_data = {
        name
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        for name in node["depends_on"]["nodes"]
    } & set(models)
    units = manifest["unit_tests"].values()
    by_unit = {name for test in units for name in test["depends_on"]["nodes"]} & set(models)
    # Through a model that is tested, what it is made of is tested too.
    behind, waiting = set(), by_data | by_unit
    while waiting:
        behind |= waiting
        read = {name for one in waiting for name in models[one]["depends_on"]["nodes"]}
        waiting = (read & set(models)) - behind
    described = [model for model in models.values() if model["description"].strip()]
    told = [column for column in columns if column["description"].strip()]
    bare = sorted(models[name]["name"] for name in set(models) - behind)
    return [
        _line("models described", len(described), len(models)),
        _line("columns described", len(told), len(columns)),
        _line("models with a data test of their own", len(by_data), len(models)),
        _line("models with a unit test of their own", len(by_unit), len(models)),
        _line("models tested themselves or through what is made of them", len(behind), len(models)),
        *([f"no dbt test reads: {', '.join(bare)}"] if bare else []),
    ]


def _line(what: str, part: int, whole: int) -> str:
    return f"{what}: {part} of {whole} ({100 * part / whole:.1f} %)"
