inv-parse: cut\.gz: byte 5000: the gzip data is cut short
inv-parse: sum\.gz: byte [0-9]+: the gzip checksum does not match
inv-parse: wide\.zst: byte 0: a zstd window of more than 67108864 bytes
inv-parse: cut\.xz: byte 1000: the xz data is cut short
inv-parse: sum\.xz: byte [0-9]+: corrupt xz data
inv-parse: wide\.xz: byte [0-9]+: xz data that needs 26[0-9]+ bytes of memory, more than 171966464
