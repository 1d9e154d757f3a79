"""Tests of the Python binding; run by tests/bindings/python.test."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import unittest

import contain


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Commands(unittest.TestCase):

    def test_status(self):
        for script, status in (("exit 7", 7), ("kill -9 $$", -9)):
            with contain.Popen(["sh", "-c", script]) as group:
                self.assertEqual(group.wait(), status)
                self.assertEqual(group.poll(), status)

    def test_run(self):
        done = contain.run(["cat"], input="word", capture_output=True,
                           text=True)
        self.assertEqual((done.stdout, done.stderr, done.returncode),
                         ("word", "", 0))
        big = b"x" * 1000000
        done = contain.run(["cat"], input=big, capture_output=True)
        self.assertEqual(done.stdout, big)

    def test_check(self):
        with self.assertRaises(contain.CalledProcessError):
            contain.run(["sh", "-c", "exit 1"], check=True)

    def test_timeout(self):
        start = time.monotonic()
        with self.assertRaises(contain.TimeoutExpired):
            contain.run(["sleep", "600"], timeout=0.2)
        self.assertLess(time.monotonic() - start, 60)
        done = contain.run(["sleep", "600"], group_timeout=0.1)
        self.assertTrue(done.timed_out)
        self.assertEqual(done.returncode, -signal.SIGTERM)

    def test_not_found(self):
        with self.assertRaises(contain.ContainError) as caught:
            contain.Popen(["/nonexistent/command"])
        self.assertEqual(caught.exception.code, "exec")
        self.assertEqual(caught.exception.errno, 2)
        self.assertIn("/nonexistent/command", str(caught.exception))

    def test_bad_values(self):
        for keywords in ({"backend": "x"}, {"require": 3}, {"signal": -1},
                         {"cwd": ""}, {"fds": {-1: 0}}, {"unknown": 1}):
            with self.assertRaises((contain.ContainError, ValueError,
                                    TypeError)):
                contain.Popen(["true"], **keywords)
        with self.assertRaises(ValueError):
            contain.Popen([])

    def test_outfit(self):
        reading, writing = os.pipe()
        done = contain.run(
            ["sh", "-c", "pwd; echo $A; ulimit -n; echo x >&7"],
            capture_output=True, text=True, cwd="/usr", env={"A": "b"},
            limits={resource.RLIMIT_NOFILE: (50, 60)}, fds={7: writing})
        os.close(writing)
        self.assertEqual(done.stdout, "/usr\nb\n50\n")
        self.assertEqual(os.read(reading, 10), b"x\n")
        self.assertEqual(os.read(reading, 10), b"")
        os.close(reading)

    def test_leftovers(self):
        done = contain.run(["sh", "-c", "sleep 600 & exit 3"])
        self.assertEqual(done.returncode, 3)
        self.assertEqual(len(done.leftovers), 1)
        self.assertIn(done.leftovers[0].name, ("sh", "sleep"))
        self.assertIsNone(done.leftovers[0].age)
        self.assertIsNone(done.leftovers[0].command)
        self.assertEqual(contain.run(["true"]).leftovers, [])

    @unittest.skipUnless(sys.platform == "linux", "only Linux tells them")
    def test_details_of_leftovers(self):
        # it has its command line once it has let go of the pipe
        done = contain.run(
            ["sh", "-c", 'x=$(sh -c "exec >&-; sleep 600; :" tag &)'],
            details=True)
        told = [left for left in done.leftovers
                if left.command == "sh -c exec >&-; sleep 600; : tag"]
        # it, and what it has forked if that is not yet sleep
        self.assertIn(len(told), (1, 2))
        self.assertTrue(0 <= told[0].age < 60)

    def test_context_ends_it(self):
        with contain.Popen(["sleep", "600"]) as group:
            pid = group.pid
            self.assertTrue(alive(pid))
        self.assertFalse(alive(pid))
        with self.assertRaises(ValueError):
            group.fileno()

    def test_effect_and_members(self):
        with contain.Popen(["sleep", "600"]) as group:
            self.assertIn(group.guarantee, ("SIGKILL", "SIGHUP"))
            self.assertIn(group.backend, ("pidns", "pty"))
            self.assertTrue(group.mechanism)
            members = group.members()
            self.assertEqual([(one.pid, one.name) for one in members],
                             [(group.pid, "sleep")])
            group.stop()
            group.resume()
            group.end()
            self.assertEqual(group.wait(), -signal.SIGTERM)
            self.assertEqual(group.members(), [])

    def test_probe(self):
        verdicts = contain.probe()
        self.assertTrue(any(one.usable for one in verdicts))

    def test_asyncio(self):
        async def both():
            groups = [contain.Popen(["sh", "-c", "exit %d" % i])
                      for i in range(10)]
            status = await asyncio.gather(
                *[group.wait_async() for group in groups])
            for group in groups:
                group.close()
            return status
        self.assertEqual(asyncio.run(both()), list(range(10)))

    def test_threads(self):
        seen = []

        def work():
            for i in range(10):
                seen.append(contain.run(["sh", "-c", "exit 4"]).returncode)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(seen, [4] * 40)


hooks = []
os.register_at_fork(before=lambda: hooks.append("before"),
                    after_in_child=lambda: hooks.append("child"),
                    after_in_parent=lambda: hooks.append("parent"))


class Forks(unittest.TestCase):

    def fork(self, work, **keywords):
        sys.stdout.flush()
        hooks.clear()
        pid, group = contain.fork(**keywords)
        if pid == 0:
            status = 98
            try:
                status = work()
            finally:
                os._exit(status)
        with group:
            self.assertEqual(group.pid, pid)
            status = group.wait()
            return status, group

    def test_hooks(self):
        self.assertEqual(
            self.fork(lambda: 7 if hooks == ["before", "child"] else 1)[0],
            7)
        self.assertEqual(hooks, ["before", "parent"])

    def test_interpreter(self):
        def work():
            # threads, locks, signals and subprocesses work in the child
            caught = []
            signal.signal(signal.SIGUSR1, lambda *_: caught.append(1))
            os.kill(os.getpid(), signal.SIGUSR1)
            thread = threading.Thread(target=lambda: caught.append(2))
            thread.start()
            thread.join()
            subprocess.run(["true"], check=True)
            return 7 if caught == [1, 2] and \
                threading.current_thread() is threading.main_thread() else 1
        self.assertEqual(self.fork(work)[0], 7)

    def test_nested(self):
        self.assertEqual(self.fork(lambda: contain.run(
            ["sh", "-c", "exit 5"]).returncode)[0], 5)

    def test_contained(self):
        reading, writing = os.pipe()

        def work():
            if os.fork() == 0:
                os.setsid()
                os.write(writing, b"up")
                time.sleep(600)
            os.read(reading, 2)
            return 0
        status, group = self.fork(work)
        os.close(writing)
        self.assertEqual(status, 0)
        self.assertEqual(len(group.leftovers), 1)
        self.assertEqual(os.read(reading, 1), b"")
        os.close(reading)

    def test_failure(self):
        with self.assertRaises(contain.ContainError):
            contain.fork(cwd="/nonexistent")


if __name__ == "__main__":
    unittest.main()
