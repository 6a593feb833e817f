"""Office files with the same bytes each time: their ZIP entries otherwise carry the time of writing."""

import io
import zipfile

_LONG_AGO = (2024, 1, 1, 0, 0, 0)


def dateless(packed: bytes) -> bytes:
    """The same ZIP file with one fixed date for all entries."""
    fresh = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, _LONG_AGO), old.read(entry), zipfile.ZIP_DEFLATED)
    return fresh.getvalue()
