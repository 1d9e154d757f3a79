#!/usr/bin/env python3
"""runner.py [JOBS [SECONDS]] <COMMANDS: as runner.c, in Python with asyncio."""

import asyncio
import sys

import contain


async def run(line, slots, timeout):
    async with slots:
        with contain.Popen(["sh", "-c", line], stdin=contain.DEVNULL,
                           group_timeout=timeout) as group:
            await group.wait_async()
    what = "timed out" if group.timed_out else \
        "failed" if group.returncode else \
        "leaked" if group.leftovers else "ok"
    print("%-9s %6d ms  %s" % (what, group.elapsed * 1000, line))
    for left in group.leftovers:
        print("          left behind: %s (%d)" % (left.name, left.pid))
    return what == "ok"


async def main(jobs=4, timeout=0):
    slots = asyncio.Semaphore(int(jobs))
    good = await asyncio.gather(*[
        run(line.rstrip("\n"), slots, float(timeout)) for line in sys.stdin])
    return 0 if all(good) else 1

sys.exit(asyncio.run(main(*sys.argv[1:])))
