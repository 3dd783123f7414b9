inv-fetch: .* peak, 1 manifests, 2 files
inv-parse: 200 rows, .* peak, 2 files
inv-agg: 200 rows, .*
inv-merge: .*
inv-mkindex: .*
inv-build: 200 rows, .* s, .* s CPU, .* MB peak
inv-build: nothing to do: out holds the newest snapshot
inv-fetch: .*
inv-parse: .*
inv-agg: .*
inv-merge: .*
inv-mkindex: .*
inv-build: 200 rows, .* MB peak
