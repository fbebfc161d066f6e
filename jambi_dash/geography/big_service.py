"""BIG's public boundaries through ArcGIS REST: a paged query, with every way it may fail.

An ArcGIS server answers errors with status 200, caps pages at a size of its own, may not know
GeoJSON, and sits behind gateways that answer HTML. The count is asked first, so that what comes
page by page can be compared with it.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from functools import reduce
from typing import Any

import shapely

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography.boundary_files import MB, Features, crs_name, features_of
from jambi_dash.geography.boundary_rules import Service

_BLOCK = 65536
_PAGES = 2000


class _Passing(Refusal):
    """A failure that may be gone at the next attempt."""


class _ServiceError(Refusal):
    """The service understood and said no, as for a format that it does not know."""


def fetch(service: Service, where: str) -> Features:
    """All features of the layer that fulfil `where`.

    Raises:
        Refusal: the service cannot be reached, answers something else, or not everything.
    """
    return _Query(service, where).run()


class _Query:
    """One download: the address, the deadline and what came so far."""

    def __init__(self, service: Service, where: str) -> None:
        parts = urllib.parse.urlsplit(service.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refusal(
                t(
                    "Alamat layanan batas {url} tidak sah: harus http:// atau https:// dan berakhir "
                    "dengan nomor lapisan.",
                    url=service.url,
                )
            )
        path = parts.path.rstrip("/").removesuffix("/query")
        self.address = urllib.parse.urlunsplit(
            (parts.scheme, parts.netloc, path + "/query", "", "")
        )
        self.host = parts.hostname
        self.service = service
        self.where = where
        self.deadline = time.monotonic() + service.total_seconds

    def run(self) -> Features:
        expected = self._count()
        if expected == 0:
            raise Refusal(
                t(
                    "Layanan di {host} tidak punya kelurahan untuk saringan {where}: periksa saringan "
                    "di boundaries.toml.",
                    host=self.host,
                    where=self.where,
                )
            )
        try:
            features, crs = self._pages("geojson", expected)
        except _ServiceError:
            features, crs = self._pages("json", expected)
        digest = hashlib.sha256(json.dumps(features, sort_keys=True).encode()).hexdigest()
        return features_of(features, crs, digest, self.host)

    def _count(self) -> int | None:
        """How many features there are; None where the service cannot count."""
        try:
            body = self._ask({"returnCountOnly": "true", "f": "json"})
        except _ServiceError:
            return None
        count = body.get("count")
        return count if isinstance(count, int) else None

    def _pages(self, form: str, expected: int | None) -> tuple[list[dict[str, Any]], str | None]:
        features: list[dict[str, Any]] = []
        seen: set[str] = set()
        crs: str | None = None
        for _ in range(_PAGES):
            body = self._ask({
                "outFields": "*",
                "returnGeometry": "true",
                "outSR": "4326",
                "orderByFields": self.service.order_by,
                "resultOffset": str(len(features)),
                "resultRecordCount": str(self.service.page_size),
                "f": form,
            })  # fmt: skip
            page, page_crs = self._features(body)
            crs = crs or page_crs
            marks = {json.dumps(feature, sort_keys=True) for feature in page}
            if page and marks <= seen:
                raise Refusal(
                    t(
                        "Layanan di {host} mengulang halaman yang sama: unduh berkasnya lewat "
                        "peramban lalu pasang sebagai berkas.",
                        host=self.host,
                    )
                )
            seen |= marks
            # The offset counts what the service sent: it may cap a page below what was asked.
            features += page
            more = _says_more(body) or len(page) >= self.service.page_size
            if not page or (not more and (expected is None or len(features) >= expected)):
                break
        if expected is not None and len(features) != expected:
            raise Refusal(
                t(
                    "Layanan di {host} mengirim {n} dari {total} fitur: coba lagi nanti.",
                    host=self.host,
                    n=len(features),
                    total=expected,
                )
            )
        return features, crs

    def _features(self, body: dict[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
        """The features of a page as GeoJSON, whichever of the two forms they came in."""
        features = body.get("features")
        if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
            raise self._strange()
        if body.get("type") == "FeatureCollection":
            # GeoJSON is WGS 84 unless it says otherwise, and `outSR` asked for it.
            return features, crs_name(body) or "EPSG:4326"
        try:
            converted = [
                {
                    "type": "Feature",
                    "properties": f["attributes"],
                    "geometry": _from_rings((f.get("geometry") or {}).get("rings")),
                }
                for f in features
            ]
        # Whatever malformed rings run into.
        except Exception as error:
            raise self._strange() from error
        reference = body.get("spatialReference") or {}
        wkid = reference.get("latestWkid") or reference.get("wkid")
        return converted, f"EPSG:{wkid}" if wkid else None

    def _ask(self, parameters: dict[str, str]) -> dict[str, Any]:
        """The answer to one question, after as many attempts as the rules allow."""
        query = urllib.parse.urlencode({"where": self.where, **parameters})
        for attempt in range(1, self.service.attempts + 1):
            try:
                return self._document(self._get(f"{self.address}?{query}"))
            except _Passing:
                if attempt == self.service.attempts or time.monotonic() > self.deadline:
                    raise
                time.sleep(self.service.retry_wait_seconds * attempt)
        raise AssertionError("attempts is at least 1")

    def _get(self, url: str) -> bytes:
        request = urllib.request.Request(
            url, headers={"User-Agent": "jambi-dash", "Accept": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self.service.timeout_seconds) as answer:
                return self._body(answer)
        except urllib.error.HTTPError as error:
            refused = t(
                "Layanan di {host} menjawab HTTP {code}: periksa alamatnya di "
                "boundaries.toml, atau unduh berkasnya lewat peramban dan pasang sebagai "
                "berkas.",
                host=self.host,
                code=error.code,
            )
            if error.code >= 500 or error.code in (408, 429):
                raise _Passing(refused) from error
            if error.code == 400:
                raise _ServiceError(refused) from error
            raise Refusal(refused) from error
        except TimeoutError as error:
            raise self._too_slow() from error
        except (OSError, http.client.HTTPException) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise self._too_slow() from error
            raise _Passing(
                t(
                    "Layanan di {host} tidak dapat dihubungi: periksa internet dan alamatnya, atau "
                    "unduh berkasnya lewat peramban dan pasang sebagai berkas.",
                    host=self.host,
                )
            ) from error

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        # read1 returns what has arrived: a server that drips must not outlive the deadline.
        while block := answer.read1(_BLOCK):
            body += block
            if len(body) > self.service.max_answer_mb * MB:
                raise Refusal(
                    t(
                        "Jawaban layanan di {host} lebih besar dari {n} MB: perkecil `page_size` di "
                        "boundaries.toml.",
                        host=self.host,
                        n=self.service.max_answer_mb,
                    )
                )
            if time.monotonic() > self.deadline:
                raise self._too_slow()
        return bytes(body)

    def _document(self, body: bytes) -> dict[str, Any]:
        start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if start == b"<":
            raise _Passing(
                t(
                    "Layanan di {host} menjawab halaman web, bukan data: periksa alamatnya di "
                    "boundaries.toml.",
                    host=self.host,
                )
            )
        try:
            document = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _Passing(
                t(
                    "Jawaban layanan di {host} terpotong atau bukan JSON: coba lagi nanti.",
                    host=self.host,
                )
            ) from error
        if not isinstance(document, dict):
            raise self._strange()
        if "error" in document:
            complaint = document["error"] if isinstance(document["error"], dict) else {}
            code = complaint.get("code")
            # The service's own words, on one line and short: they may be a whole stack trace.
            said = " ".join(str(complaint.get("message") or "–").split())[:120]
            refused = t(
                "Layanan di {host} menolak permintaan ({code}: {said}): periksa alamat dan "
                "saringan di boundaries.toml.",
                host=self.host,
                code=code,
                said=said,
            )
            # 499 and 498 ask for a token; no other attempt or format will help.
            if code in (498, 499):
                raise Refusal(refused)
            raise (_ServiceError if isinstance(code, int) and code < 500 else _Passing)(refused)
        return document

    def _too_slow(self) -> _Passing:
        return _Passing(
            t(
                "Layanan di {host} terlalu lama menjawab: coba lagi nanti, atau unduh berkasnya "
                "lewat peramban dan pasang sebagai berkas.",
                host=self.host,
            )
        )

    def _strange(self) -> Refusal:
        return Refusal(
            t(
                "Jawaban layanan di {host} bukan daftar kelurahan: periksa apakah alamatnya berakhir "
                "dengan nomor lapisan batas kelurahan.",
                host=self.host,
            )
        )


def _says_more(body: dict[str, Any]) -> bool:
    """Whether the page ends before the list; GeoJSON keeps the flag in one of two places."""
    inner = body.get("properties")
    flag = body.get("exceededTransferLimit")
    return bool(flag or (isinstance(inner, dict) and inner.get("exceededTransferLimit")))


def _from_rings(rings: list[list[list[float]]] | None) -> dict[str, Any] | None:
    """Esri rings as a GeoJSON geometry, by even and odd: a ring inside a ring is a hole.

    Direction is what tells holes by the book, but not every server keeps to it.
    """
    if not rings:
        return None
    areas = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings]
    whole = reduce(shapely.symmetric_difference, areas)
    return dict(shapely.geometry.mapping(whole))
