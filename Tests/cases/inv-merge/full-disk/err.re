inv-merge: cannot write standard output: No space left on device
inv-merge: cannot write /dev/full: No space left on device
inv-merge: cannot write \.merged\.rows\.[0-9a-f]+: File too large
inv-merge: cannot write standard output: File too large
