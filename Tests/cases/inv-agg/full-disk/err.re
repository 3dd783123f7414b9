inv-agg: cannot write runs/\.inv-[0-9a-f]{16}-0000[01]\.rows: File too large
