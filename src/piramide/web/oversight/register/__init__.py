"""The register of changes on its pages: read, filtered, verified now, exported."""
