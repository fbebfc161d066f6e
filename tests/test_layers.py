"""The layer rules hold in the project, and the checker sees each kind of violation."""

from __future__ import annotations

from pathlib import Path

import pytest
from layer_rules import DUCKDB, LAYERS, Violation, check, code_lines, parameters

from jambi_dash.queries.door import SQL, parameters_of
from jambi_dash.settings import PROJECT

# A project in miniature that keeps every rule.
SOUND = {
    "app.py": "import streamlit as st\nfrom jambi_dash.ui import frame\n",
    "pages/peta/peta.py": '"""Peta."""\nimport streamlit as st\nfrom jambi_dash.ui import data\n',
    "jambi_dash/settings.py": "from pathlib import Path\n",
    "jambi_dash/domain/areas.py": "from jambi_dash.settings import AREAS\n",
    "jambi_dash/releases/store.py": "import duckdb\nfrom jambi_dash.domain.areas import load\n",
    "jambi_dash/queries/door.py": "import duckdb\n",
    "jambi_dash/queries/sql/months.sql": "-- $not_this\nSELECT m FROM t WHERE c = $cohort",
    "jambi_dash/ui/data.py": (
        "import streamlit as st\n@st.cache_data\ndef months(door):\n"
        "    return door.frame('months', cohort='a')\n"
    ),
    "jambi_dash/cli/areas.py": "def run():\n    from jambi_dash.demo import city\n",
}

# What is put into the sound project, and the one complaint that must follow.
BROKEN = [
    ("jambi_dash/domain/rates.py", "\nfrom jambi_dash.queries import door", 2,
     "domain must not import queries"),
    ("jambi_dash/domain/rates.py", "from ..ui import data", 1, "domain must not import ui"),
    ("jambi_dash/intake/rows.py", "def f():\n    import jambi_dash.geography.mosaic", 2,
     "intake must not import geography"),
    ("jambi_dash/charts/bars.py", "from jambi_dash.exports import deck", 1,
     "charts must not import exports"),
    ("jambi_dash/queries/late.py", "import importlib\nimportlib.import_module('jambi_dash.cli')", 2,
     "queries must not import cli"),
    ("jambi_dash/cli/show.py", "from jambi_dash.ui import data", 1, "cli must not import ui"),
    ("jambi_dash/ui/card.py", "import app", 1, "ui must not import app.py"),
    ("jambi_dash/charts/map.py", "import folium\nfrom streamlit_folium import st_folium", 2,
     "charts must not import Streamlit"),
    ("jambi_dash/intake/rows.py", "import duckdb", 1, "intake must not import DuckDB"),
    ("jambi_dash/domain/rates.py", "from duckdb.typing import VARCHAR", 1,
     "domain must not import DuckDB"),
    ("pages/data/data.py", "import streamlit as st\n\n\n@st.cache_resource\ndef f(): ...", 4,
     "only jambi_dash/ui/data.py owns st.cache_*"),
    ("jambi_dash/ui/card.py", "from streamlit import cache_data", 1,
     "only jambi_dash/ui/data.py owns st.cache_*"),
    ("jambi_dash/queries/now.py", "def f(t):\n    return f'SELECT a FROM {t}'", 2,
     "SQL belongs in queries/sql/*.sql"),
    ("jambi_dash/queries/now.py", "Q = 'select a ' 'from t'", 1, "SQL belongs in queries/sql/*.sql"),
    ("jambi_dash/domain/text_helpers.py", "", 1, "“text_helpers” says nothing"),
    ("jambi_dash/utils/__init__.py", "", 1, "“utils” says nothing"),
    ("pages/peta.py", "", 1, "a page stands in a folder of its own"),
    ("pages/lama/lama.py", "a = 1\n" * 80, 1,
     "80 lines of code; a page is an outline of fewer than 80"),
    ("jambi_dash/queries/sql/lost.sql", "SELECT 1", 1, "no code asks this question"),
    ("jambi_dash/ui/card.py", "def f(d):\n    d.rows('months', cohort=1, month=2)", 2,
     "months.sql binds ['cohort'], given ['cohort', 'month']"),
]  # fmt: skip


def _project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_project_keeps_every_rule() -> None:
    broken = check(PROJECT)
    assert not broken, "\n" + "\n".join(map(str, broken))


def test_every_package_has_its_layer() -> None:
    known = {part for layer in LAYERS for part in layer} | {"cli"}
    packages = {file.parent.name for file in PROJECT.glob("jambi_dash/*/__init__.py")}
    assert packages <= known
    assert packages >= DUCKDB


def test_a_sound_project_is_not_complained_about(tmp_path: Path) -> None:
    assert check(_project(tmp_path, SOUND)) == []


@pytest.mark.parametrize(("file", "text", "line", "rule"), BROKEN)
def test_a_violation_is_named_with_file_and_line(
    tmp_path: Path, file: str, text: str, line: int, rule: str
) -> None:
    assert check(_project(tmp_path, {**SOUND, file: text})) == [Violation(file, line, rule)]


def test_only_code_counts_as_lines_of_code() -> None:
    text = '"""A\npage."""\n\n# why\nx = (\n    1\n)\n\n\ndef f():\n    """Doc."""\n    return x\n'
    assert code_lines(text) == 5


def test_parameters_are_those_that_duckdb_binds() -> None:
    for file in sorted(SQL.glob("*.sql")):
        assert parameters(file.read_text(encoding="utf-8")) == parameters_of(file.stem), file.name
