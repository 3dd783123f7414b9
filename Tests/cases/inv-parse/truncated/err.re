inv-parse: cut\.gz: byte 5000: the gzip data is cut short
inv-parse: sum\.gz: byte [0-9]+: the gzip checksum does not match
inv-parse: wide\.zst: byte 0: a zstd window of more than 33554432 bytes
