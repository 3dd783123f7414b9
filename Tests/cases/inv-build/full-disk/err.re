inv-build: cannot write \.out\.[0-9a-f]+\.runs/\.inv-[0-9a-f]{16}-0000[0-9]\.rows: File too large
