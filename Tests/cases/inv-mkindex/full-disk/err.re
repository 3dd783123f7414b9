inv-mkindex: cannot write \.out\.[0-9a-f]+/[a-z_]+\.[a-z0-9]+: File too large
inv-mkindex: cannot write \.out\.[0-9a-f]+/[a-z_]+\.[a-z0-9]+: File too large
