"""The register of prefectures and counties: where the work must be felt."""
