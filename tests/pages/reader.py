"""Runs a page without a browser and reads back what it shows: sentences, tables, the map's part."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


def run(name, **state):
    app = AppTest.from_file(str(ROOT / "pages" / name), default_timeout=180)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, [fault.message for fault in app.exception]
    return app


def text(app):
    shown = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.info]
    shown += [*app.error, *app.warning, *app.success]
    return "\n".join(str(element.value) for element in shown)


class Reader(HTMLParser):
    """Reads the tables of a page back: caption -> rows of cells, the header first."""

    def __init__(self):
        super().__init__()
        self.tables, self.rows, self.cell, self.span = {}, [], None, 1

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td", "caption"):
            self.cell, self.span = "", int(dict(attrs).get("colspan", 1))

    def handle_data(self, data):
        self.cell = None if self.cell is None else self.cell + data

    def handle_endtag(self, tag):
        if tag == "caption":
            self.tables[self.cell] = self.rows
        elif tag in ("th", "td"):
            self.rows[-1] += [self.cell] * self.span


def tables(app):
    reader = Reader()
    for element in app.get("html"):
        reader.feed(element.proto.body)
    return {
        caption: pd.DataFrame(rows[1:], columns=rows[0]) for caption, rows in reader.tables.items()
    }


def map_script(app):
    arguments = json.loads(app.get("component_instance")[0].proto.json_args)
    return arguments["script"] + arguments["feature_group"]
