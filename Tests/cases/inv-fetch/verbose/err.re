inv-fetch: \./inventory/example-bucket/daily/2026-11-01T00-00Z/manifest\.json: there is no checksum beside it
inv-fetch: 4\.4 kB, [0-9.]+ s, [0-9.]+ s CPU, [0-9]+ MB peak, 1 manifests, 2 files
