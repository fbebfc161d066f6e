"""A local server that speaks as much ArcGIS REST as a paged layer query needs, and its faults."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LAYER = "/rbi/rest/services/BATASWILAYAH/Administrasi_AR_KelDesa_10K/MapServer/0"


@dataclass
class ArcgisLayer:
    """A polygon layer of GeoJSON features, in the order of their OBJECTID.

    `max_records` is the server's own cap on a page. `faults` are names of the ways in which it
    misbehaves; a fault with a count (`{"http_500": 2}`) does so that many times, then stops.
    """

    features: list[dict[str, Any]]
    max_records: int = 1000
    faults: dict[str, int] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def fails(self, fault: str) -> bool:
        if self.faults.get(fault, 0) <= 0:
            return False
        self.faults[fault] -= 1
        return True

    def answer(self, query: dict[str, str]) -> dict[str, Any]:
        """The document that answers a query, errors included."""
        chosen = self._filtered(query.get("where", ""))
        if chosen is None:
            return _error(400, "Unable to complete operation.")
        if query.get("orderByFields") not in (None, "OBJECTID"):
            return _error(400, "Cannot perform query. Invalid query parameters.")
        if query.get("returnCountOnly") == "true":
            if self.fails("no_count"):
                return _error(400, "Count is not supported.")
            return {"count": len(chosen) + (1 if self.fails("count_too_high") else 0)}
        start = 0 if self.faults.get("ignores_offset") else int(query.get("resultOffset", 0))
        size = min(int(query.get("resultRecordCount", self.max_records)), self.max_records)
        page = chosen[start : start + size]
        more = start + size < len(chosen)
        if query.get("f") == "geojson":
            if self.faults.get("no_geojson"):
                return _error(400, "Output format not supported.")
            document: dict[str, Any] = {"type": "FeatureCollection", "features": page}
            if more:
                document["properties"] = {"exceededTransferLimit": True}
            return document
        document = {
            "geometryType": "esriGeometryPolygon",
            "spatialReference": {"wkid": 4326, "latestWkid": 4326},
            "features": [
                {"attributes": f["properties"], "geometry": {"rings": _rings(f["geometry"])}}
                for f in page
            ],
        }
        return document | ({"exceededTransferLimit": True} if more else {})

    def _filtered(self, where: str) -> list[dict[str, Any]] | None:
        if where == "1=1":
            return self.features
        match = re.fullmatch(r"(\w+) = '((?:[^']|'')*)'", where)
        if not match or match[1] not in self.features[0]["properties"]:
            return None
        wanted = match[2].replace("''", "'")
        return [f for f in self.features if f["properties"][match[1]] == wanted]


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": []}}


def _rings(geometry: dict[str, Any]) -> list[Any]:
    drawn = geometry["coordinates"]
    polygons = [drawn] if geometry["type"] == "Polygon" else drawn
    return [ring for polygon in polygons for ring in polygon]


@contextmanager
def serve(layer: ArcgisLayer) -> Iterator[ArcgisLayer]:
    """Serves `layer` on a free local port inside the block; its address is `layer.url`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            layer.asked.append(query)
            if parts.path != f"{LAYER}/query":
                return self._send(404, b"not here", "text/plain")
            if layer.fails("silent"):
                layer.released.wait(10)
                self.close_connection = True
                return None
            if layer.fails("hangs_up"):
                self.close_connection = True
                return None
            if layer.fails("http_500"):
                return self._send(500, b"oops", "text/plain")
            if layer.fails("html"):
                return self._send(200, b"<html><body>Maintenance</body></html>", "text/html")
            if layer.fails("error_500_in_200"):
                return self._json(_error(500, "Error performing query operation\nat line 1"))
            if layer.fails("token"):
                return self._json(_error(499, "Token Required"))
            if layer.fails("a_list"):
                return self._send(200, b"[1, 2]", "application/json")
            if layer.fails("a_service"):
                return self._json({"layers": []})
            body = json.dumps(layer.answer(query)).encode()
            if query.get("returnCountOnly") != "true" and layer.fails("truncated"):
                return self._send(200, body[: len(body) // 2], "application/json")
            if query.get("returnCountOnly") != "true" and layer.fails("cut"):
                return self._send(200, body[: len(body) // 2], "application/json", len(body))
            return self._send(200, body, "application/json")

        def _json(self, document: dict[str, Any]) -> None:
            self._send(200, json.dumps(document).encode(), "application/json")

        def _send(self, code: int, body: bytes, kind: str, declared: int | None = None) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(declared or len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = declared is not None

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    layer.url = f"http://127.0.0.1:{server.server_address[1]}{LAYER}"
    try:
        yield layer
    finally:
        layer.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
