#!/usr/bin/env python3
"""tab.py SHELL [SETUP...]: what the tab key makes of the lines of standard input, in a real SHELL on a terminal.

Each line is typed, then the tab key, and where the line has a tab in it, what is behind that. The words
that the shell takes from the result are printed between angle brackets. SETUP are commands typed before.
"""

import os
import pty
import re
import select
import sys
import time

SHELLS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}


def read_until(master, pattern):
    """What comes up to the pattern, in 20 seconds."""
    text, end = b"", time.monotonic() + 20
    while not re.search(pattern, text):
        if not select.select([master], [], [], max(0, end - time.monotonic()))[0]:
            sys.exit(f"tab.py: the shell does not answer: {text!r}")
        piece = os.read(master, 65536)
        text += piece
        # fish asks what terminal this is, and waits.
        if b"\x1b[c" in piece or b"\x1b[0c" in piece:
            os.write(master, b"\x1b[?1;2c")
    return text


def main():
    shell, *setup = sys.argv[1:]
    environment = {**os.environ, "TERM": "dumb" if shell != "fish" else "xterm", "PS1": "> ", "COLUMNS": "500"}
    child, master = pty.fork()
    if child == 0:
        os.execvpe(SHELLS[shell][0], SHELLS[shell], environment)
    for number, command in enumerate(setup):
        os.write(master, f"{command}; printf 'set%s\\n' up{number}\n".encode())
        read_until(master, f"setup{number}".encode())
    for line in sys.stdin.buffer.read().splitlines():
        typed, _, tail = line.partition(b"\t")
        os.write(master, typed + b"\t" + tail + b" \x01printf '<%s>' \x05; printf 'e%s\\n' nd\n")
        said = read_until(master, rb"(?:<[^<>\n]*>)+\s*end\r?\n")
        print(re.search(rb"((?:<[^<>\n]*>)+)\s*end\r?\n", said)[1].decode(errors="backslashreplace"))
    os.write(master, b"exit\n")
    os.close(master)
    os.waitpid(child, 0)


main()
