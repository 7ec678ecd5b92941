#!/usr/bin/python3
"""tab.py -- what a shell makes of keys typed at its prompt

usage: tab.py KEYS EXPECTED SHELL [ARGUMENT ...]

The shell runs in a terminal of its own.  KEYS, in which \\t is TAB and \\n is
return, are typed, a line at a time, and after the last one the text EXPECTED is
waited for, which the keys do not have.
"""
import os
import pty
import select
import sys


def main(keys, expected, *shell):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="dumb", PS1="ready> ", PROMPT="ready> ")
        os.execvp(shell[0], shell)
    shown = ""

    def wait(text):
        nonlocal shown
        # The end of the shell, or ten minutes of silence, is the end of waiting.
        while text not in shown:
            if not select.select([terminal], [], [], 600)[0]:
                break
            try:
                shown += os.read(terminal, 4096).decode(errors="replace")
            except OSError:
                break
        ok, shown = text in shown, shown.partition(text)[2]
        return ok

    ok = wait("ready> ")
    *lines, last = keys.encode().decode("unicode_escape").splitlines()
    for line in lines:
        os.write(terminal, f"{line}\n".encode())
        ok = ok and wait("ready> ")
    before = shown
    os.write(terminal, f"{last}\n".encode())
    ok = ok and wait(expected)
    if not ok:
        print("never:", expected, "but:", before + shown, file=sys.stderr)
    os.close(terminal)
    return not ok


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
