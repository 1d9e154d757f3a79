"""Run commands so that everything they start ends with them.

    import contain

    with contain.Popen(["make", "check"], require="SIGKILL") as group:
        print(group.guarantee, group.mechanism)
        group.wait()
    print(group.returncode, group.leftovers)

    contain.run(["ls"], capture_output=True, text=True).stdout

    pid, group = contain.fork()
    if pid == 0:
        os._exit(work())        # inside the group

    status = await contain.Popen(["sleep", "1"]).wait_async()

A group is a command and all that descends from it.  It ends when the command
ends, when it is told to or when this process ends, whatever kills it;
libcontain(3) has the details.  Popen is like that of the module subprocess,
which also has PIPE, DEVNULL and STDOUT.  Times are seconds.

Names: Popen, run, fork, probe, ContainError.
"""

import asyncio
import ctypes
import ctypes.util
import os
import select
import selectors
import signal as _signal
import subprocess
import time
from collections import namedtuple
from subprocess import DEVNULL, PIPE, STDOUT, CalledProcessError, \
    CompletedProcess, TimeoutExpired

__all__ = ["Popen", "run", "fork", "probe", "version", "ContainError",
           "Leftover", "Member", "Verdict", "PIPE", "DEVNULL", "STDOUT",
           "CalledProcessError", "CompletedProcess", "TimeoutExpired"]
__version__ = "0.1.0"

Leftover = namedtuple("Leftover", "pid parent took name age command",
                      defaults=(None, None))
Leftover.__doc__ = """A process that was alive when the command had ended.

pid and parent are as /proc inside the group shows them; took is the signal that
ended it, 0 if it ended by itself; name is the kernel's name for it.  With
details=True, and where the system tells, age is for how many seconds it had
run and command how its command line starts, blanks between arguments; else
both are None."""

Member = namedtuple("Member", "pid parent start name")
Verdict = namedtuple("Verdict", "backend usable guarantee reach mechanism "
                     "step reason remedy")


# ---- the library ---------------------------------------------------------

class _Error(ctypes.Structure):
    _fields_ = [("code", ctypes.c_int), ("errnum", ctypes.c_int),
                ("step", ctypes.c_char * 32),
                ("message", ctypes.c_char * 1024)]


class _Effect(ctypes.Structure):
    _fields_ = [("backend", ctypes.c_int), ("guarantee", ctypes.c_int),
                ("reach", ctypes.c_int), ("warden", ctypes.c_int),
                ("mechanism", ctypes.c_char_p),
                ("why_not_better", ctypes.c_char_p)]


class _Leftover(ctypes.Structure):
    _fields_ = [("pid", ctypes.c_int), ("parent", ctypes.c_int),
                ("took", ctypes.c_int), ("name", ctypes.c_char * 32),
                ("age_ms", ctypes.c_int64), ("command", ctypes.c_char * 144)]


class _Rusage(ctypes.Structure):
    _fields_ = [("longs", ctypes.c_long * 18)]


class _Result(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("flags", ctypes.c_uint),
                ("leftovers", ctypes.c_uint64), ("ended", ctypes.c_uint64),
                ("listed", ctypes.c_size_t),
                ("leftover", ctypes.POINTER(_Leftover)),
                ("usage", _Rusage), ("elapsed_ms", ctypes.c_int64)]


class _Member(ctypes.Structure):
    _fields_ = [("pid", ctypes.c_int), ("parent", ctypes.c_int),
                ("start", ctypes.c_uint64), ("name", ctypes.c_char * 32)]


class _Verdict(ctypes.Structure):
    _fields_ = [("backend", ctypes.c_int), ("usable", ctypes.c_int),
                ("guarantee", ctypes.c_int), ("reach", ctypes.c_int),
                ("errnum", ctypes.c_int), ("mechanism", ctypes.c_char * 128),
                ("step", ctypes.c_char * 32), ("reason", ctypes.c_char * 256),
                ("remedy", ctypes.c_char * 256)]


class _Rlimit(ctypes.Structure):
    _fields_ = [("soft", ctypes.c_ulong), ("hard", ctypes.c_ulong)]


def _open():
    name = os.environ.get("CONTAIN_LIBRARY") or \
        ctypes.util.find_library("contain") or "libcontain.so.0"
    # a call that releases the interpreter's lock, and one that keeps it
    return ctypes.CDLL(name), ctypes.PyDLL(name)


_lib, _held = _open()
_P = ctypes.c_void_p
_E = ctypes.POINTER(_Error)
_I = ctypes.c_int


def _declare(name, result, *arguments):
    function = getattr(_lib, "contain_" + name)
    function.restype = result
    function.argtypes = arguments


_declare("version", ctypes.c_char_p)
for _name in ("backend_name", "guarantee_name", "reach_name", "code_name"):
    _declare(_name, ctypes.c_char_p, _I)
_declare("options_new", _P)
_declare("options_free", None, _P)
for _name in ("backend", "require", "signal", "forward", "pgrp", "proc",
              "reach", "host", "descriptors", "details"):
    _declare("options_set_" + _name, _I, _P, _I, _E)
for _name in ("timeout_ms", "kill_after_ms", "linger_ms", "grace_ms"):
    _declare("options_set_" + _name, _I, _P, ctypes.c_int64, _E)
for _name in ("path", "directory"):
    _declare("options_set_" + _name, _I, _P, ctypes.c_char_p, _E)
_declare("options_set_environment", _I, _P,
         ctypes.POINTER(ctypes.c_char_p), _E)
_declare("options_set_fd", _I, _P, _I, _I, _E)
_declare("options_set_stdio", _I, _P, _I, _I, _E)
_declare("options_set_limit", _I, _P, _I, ctypes.POINTER(_Rlimit), _E)
_declare("spawn", _I, _P, ctypes.POINTER(ctypes.c_char_p),
         ctypes.POINTER(_P), _E)
_declare("effect", ctypes.POINTER(_Effect), _P)
_declare("pid", _I, _P)
_declare("fd", _I, _P)
_declare("take_stdio", _I, _P, _I, _E)
_declare("signal", _I, _P, _I, _E)
_declare("end", _I, _P, _I, _E)
_declare("stop", _I, _P, _E)
_declare("continue", _I, _P, _E)
_declare("members", _I, _P, ctypes.POINTER(_Member), ctypes.c_size_t, _E)
_declare("wait", _I, _P, ctypes.c_int64, ctypes.POINTER(_Result), _E)
_declare("free", None, _P)
_declare("probe", _I, _P, ctypes.POINTER(_Verdict), ctypes.c_size_t, _E)
_fork = _held.contain_fork
_fork.restype = _I
_fork.argtypes = (_P, ctypes.POINTER(_P), _E)

_E_TIMEOUT = -6
_TIMED_OUT, _ASKED, _FORCED, _WARDEN_DIED = 1, 2, 4, 8
_BACKENDS = {"auto": 0, "pidns": 1, "pty": 2}
_GUARANTEES = {None: 0, "none": 0, "SIGHUP": 1, "SIGKILL": 2}


def version():
    """The version of the library, as "0.1.0"."""
    return _lib.contain_version().decode()


class ContainError(OSError):
    """What the library could not do: code ("exec", "unavailable", ...), step,
    errno, and strerror, one line for people."""

    def __init__(self, error):
        message = error.message.decode(errors="replace")
        super().__init__(error.errnum, message)
        self.code = _lib.contain_code_name(error.code).decode()
        self.step = error.step.decode()

    def __str__(self):
        return self.strerror


def _check(result, error):
    if result >= 0:
        return result
    raise ContainError(error)


def _call(name, *arguments):
    error = _Error()
    function = getattr(_lib, "contain_" + name)
    return _check(function(*arguments, ctypes.byref(error)), error)


def _ms(seconds):
    return max(0, int(seconds * 1000 + 0.999))


def _strings(values):
    values = [os.fsencode(value) for value in values]
    return (ctypes.c_char_p * (len(values) + 1))(*values, None)


# ---- options ----------------------------------------------------------------

def _fileno(thing):
    return thing if isinstance(thing, int) else thing.fileno()


def _set_stdio(options, number, what):
    if what is None:
        return
    kinds = {PIPE: 1, DEVNULL: 2, STDOUT: 3}
    if isinstance(what, int) and what in kinds:
        _call("options_set_stdio", options, number, kinds[what])
    else:
        _call("options_set_fd", options, number, _fileno(what))


def _set_all(options, *, backend="auto", require=None, group_timeout=None,
             signal=None, kill_after=None, linger=None, grace=None,
             stdin=None, stdout=None, stderr=None, env=None, cwd=None,
             close_fds=True, pass_fds=(), fds=None, limits=None,
             executable=None, details=False):
    if backend not in _BACKENDS:
        raise ValueError("backend: %r is not valid" % (backend,))
    if require not in _GUARANTEES:
        raise ValueError("require: %r is not valid" % (require,))
    _call("options_set_backend", options, _BACKENDS[backend])
    _call("options_set_require", options, _GUARANTEES[require])
    _call("options_set_details", options, 1 if details else 0)
    for name, value in (("timeout_ms", group_timeout),
                        ("kill_after_ms", kill_after),
                        ("linger_ms", linger), ("grace_ms", grace)):
        if value is not None:
            _call("options_set_" + name, options, _ms(value))
    if signal is not None:
        _call("options_set_signal", options, signal)
    for number, what in enumerate((stdin, stdout, stderr)):
        _set_stdio(options, number, what)
    for fd in pass_fds:
        _call("options_set_fd", options, fd, fd)
    for number, what in (fds or {}).items():
        _call("options_set_fd", options, number, _fileno(what))
    _call("options_set_descriptors", options, 1 if close_fds else 0)
    if env is not None:
        _call("options_set_environment", options, _strings(
            os.fsencode(name) + b"=" + os.fsencode(value)
            for name, value in env.items()))
    if cwd is not None:
        _call("options_set_directory", options, os.fsencode(cwd))
    if executable is not None:
        _call("options_set_path", options, os.fsencode(executable))
    for resource, (soft, hard) in (limits or {}).items():
        limit = _Rlimit(soft, hard)
        _call("options_set_limit", options, resource, ctypes.byref(limit))


class _Options:
    """The options of one start, freed when it is done."""

    def __init__(self, keywords):
        self.keywords = keywords

    def __enter__(self):
        self.pointer = _lib.contain_options_new()
        if not self.pointer:
            raise MemoryError()
        try:
            _set_all(self.pointer, **self.keywords)
        except BaseException:
            _lib.contain_options_free(self.pointer)
            raise
        return self.pointer

    def __exit__(self, *unused):
        _lib.contain_options_free(self.pointer)


# ---- groups -------------------------------------------------------------------

def _leftover(entry):
    return Leftover(entry.pid, entry.parent, entry.took,
                    entry.name.decode(errors="replace"),
                    entry.age_ms / 1000 if entry.age_ms >= 0 else None,
                    entry.command.decode(errors="replace") or None)


class _Group:
    """What Popen and fork have in common."""

    def __init__(self, pointer, args):
        self._pointer = pointer
        self._owner = os.getpid()
        self._result = None
        self.args = args
        self.pid = _lib.contain_pid(pointer)
        effect = _lib.contain_effect(pointer).contents
        self.warden = effect.warden
        self.backend = _lib.contain_backend_name(effect.backend).decode()
        self.guarantee = \
            _lib.contain_guarantee_name(effect.guarantee).decode()
        self.reach = _lib.contain_reach_name(effect.reach).decode()
        self.mechanism = effect.mechanism.decode()
        self.why_not_better = effect.why_not_better.decode()
        self.returncode = None
        self.leftovers = None
        self.timed_out = False
        self.forced = False
        self.warden_died = False
        self.elapsed = None

    def _open(self):
        if not self._pointer:
            raise ValueError("the group is closed")
        return self._pointer

    def fileno(self):
        """A descriptor that polls readable when poll() has news."""
        return _lib.contain_fd(self._open())

    def _take_in(self, result):
        status = result.status
        self.returncode = -os.WTERMSIG(status) if os.WIFSIGNALED(status) \
            else os.WEXITSTATUS(status)
        self.leftovers = [_leftover(result.leftover[number])
                          for number in range(result.listed)]
        self.timed_out = bool(result.flags & _TIMED_OUT)
        self.forced = bool(result.flags & _FORCED)
        self.warden_died = bool(result.flags & _WARDEN_DIED)
        self.elapsed = result.elapsed_ms / 1000

    def poll(self):
        """None while somebody of the group is alive, then the command's
        status: negative if a signal killed it."""
        if self.returncode is None:
            result, error = _Result(), _Error()
            code = _lib.contain_wait(self._open(), 0, ctypes.byref(result),
                                     ctypes.byref(error))
            if code == 0:
                self._take_in(result)
            elif code != _E_TIMEOUT:
                raise ContainError(error)
        return self.returncode

    def wait(self, timeout=None):
        """Wait until nobody of the group is alive.  TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutExpired(self.args, timeout)
            watch = select.poll()
            watch.register(self.fileno(), select.POLLIN)
            watch.poll(None if left is None else _ms(left))
        return self.returncode

    async def wait_async(self):
        """The same for asyncio.  Cancelling it leaves the group as it is."""
        loop = asyncio.get_running_loop()
        while self.poll() is None:
            news = loop.create_future()
            fd = self.fileno()
            loop.add_reader(fd, lambda: news.done() or news.set_result(None))
            try:
                await news
            finally:
                loop.remove_reader(fd)
        return self.returncode

    def _tell(self, name, *arguments):
        if self.poll() is None:
            try:
                _call(name, self._open(), *arguments)
            except ContainError as error:
                if error.code != "state":
                    raise

    def send_signal(self, number):
        """Send a signal to the command's process group, once."""
        self._tell("signal", number)

    def end(self, number=_signal.SIGTERM):
        """Ask the group to end: a signal, then SIGKILL after kill_after; a
        second call ends it at once."""
        self._tell("end", number)

    terminate = end

    def kill(self):
        """End the group at once."""
        self.end(0)
        self.end(0)

    def stop(self):
        """SIGSTOP to all members."""
        self._tell("stop")

    def resume(self):
        """SIGCONT to all members."""
        self._tell("continue")

    def members(self):
        """Who is in the group now, a list of Member."""
        if self.returncode is not None:
            return []
        room = 64
        while True:
            entries = (_Member * room)()
            count = _call("members", self._open(), entries, room)
            if count <= room:
                break
            room = count * 2
        return [Member(entry.pid, entry.parent, entry.start,
                       entry.name.decode(errors="replace"))
                for entry in entries[:count]]

    def close(self):
        """End what still runs and release everything."""
        pointer, self._pointer = self._pointer, None
        # a fork of this process holds a copy that is not its own
        if pointer and self._owner == os.getpid():
            _lib.contain_free(pointer)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def __del__(self):
        if getattr(self, "_pointer", None):
            self.close()


class Popen(_Group):
    """A command in a group of its own; as subprocess.Popen, with
    backend="auto", "pidns" or "pty"; require=None, "SIGHUP" or "SIGKILL";
    group_timeout, signal, kill_after, linger and grace as the options of
    contain(1); fds={its: mine}; limits={resource: (soft, hard)}."""

    def __init__(self, args, *, text=False, encoding=None, errors=None,
                 **keywords):
        self.stdin = self.stdout = self.stderr = None
        if isinstance(args, (str, bytes, os.PathLike)):
            args = [args]
        args = list(args)
        if not args:
            raise ValueError("args: empty")
        pointer = _P()
        with _Options(keywords) as options:
            _call("spawn", options, _strings(args), ctypes.byref(pointer))
        super().__init__(pointer.value, args)
        self._open_pipes(keywords, text or encoding or errors, encoding,
                         errors)

    def _open_pipes(self, keywords, text, encoding, errors):
        for number, name, mode in ((0, "stdin", "w"), (1, "stdout", "r"),
                                   (2, "stderr", "r")):
            if keywords.get(name) != PIPE or \
                    not isinstance(keywords.get(name), int):
                continue
            fd = _call("take_stdio", self._pointer, number)
            setattr(self, name, open(fd, mode, encoding=encoding,
                                     errors=errors) if text
                    else open(fd, mode + "b", 0 if mode == "w" else -1))

    def _exchange(self, data, end, output):
        """Write data and read all output, in turn, until end."""
        with selectors.DefaultSelector() as watch:
            if self.stdin is not None and data:
                os.set_blocking(self.stdin.fileno(), False)
                watch.register(self.stdin, selectors.EVENT_WRITE)
            elif self.stdin is not None:
                self.stdin.close()
            for pipe in output:
                watch.register(pipe, selectors.EVENT_READ)
            while watch.get_map():
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutExpired(self.args, None)
                for key, _ in watch.select(left):
                    if key.fileobj is self.stdin:
                        try:
                            data = data[os.write(key.fd, data[:4096]):]
                        except BrokenPipeError:
                            data = b""
                        if not data:
                            watch.unregister(key.fileobj)
                            self.stdin.close()
                        continue
                    got = os.read(key.fd, 65536)
                    if got:
                        output[key.fileobj].append(got)
                    else:
                        watch.unregister(key.fileobj)

    def communicate(self, input=None, timeout=None):
        """Write input, read all output, wait: (stdout, stderr)."""
        end = None if timeout is None else time.monotonic() + timeout
        if input is None:
            input = b""
        elif isinstance(input, str):
            input = input.encode(getattr(self.stdin, "encoding", "utf-8"))
        output = {pipe: [] for pipe in (self.stdout, self.stderr)
                  if pipe is not None}

        def collected(pipe):
            if pipe is None:
                return None
            data = b"".join(output[pipe])
            if hasattr(pipe, "encoding"):
                data = data.decode(pipe.encoding, pipe.errors)
            return data

        try:
            self._exchange(input, end, output)
            self.wait(None if end is None else
                      max(0, end - time.monotonic()))
        except TimeoutExpired:
            raise TimeoutExpired(self.args, timeout, collected(self.stdout),
                                 collected(self.stderr)) from None
        return collected(self.stdout), collected(self.stderr)

    def close(self):
        """Close the pipes, end what still runs and release everything."""
        for pipe in (self.stdin, self.stdout, self.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
        super().close()


def run(args, *, input=None, capture_output=False, timeout=None, check=False,
        **keywords):
    """As subprocess.run; the result has leftovers, guarantee and timed_out
    besides."""
    if input is not None:
        keywords["stdin"] = PIPE
    if capture_output:
        keywords["stdout"] = keywords["stderr"] = PIPE
    with Popen(args, **keywords) as group:
        try:
            stdout, stderr = group.communicate(input, timeout)
        except TimeoutExpired:
            group.kill()
            group.wait()
            raise
    if check and group.returncode:
        raise CalledProcessError(group.returncode, group.args, stdout, stderr)
    done = CompletedProcess(group.args, group.returncode, stdout, stderr)
    done.leftovers = group.leftovers
    done.guarantee = group.guarantee
    done.timed_out = group.timed_out
    return done


def fork(**keywords):
    """os.fork into a group of its own: (pid, group), and (0, None) in the
    child, which should end with os._exit.  The functions of
    os.register_at_fork are run.  Keywords as for Popen; descriptors are kept
    unless close_fds is true."""
    keywords.setdefault("close_fds", False)
    python = ctypes.pythonapi
    pointer, error = _P(), _Error()
    with _Options(keywords) as options:
        python.PyOS_BeforeFork()
        pid = _fork(options, ctypes.byref(pointer), ctypes.byref(error))
        if pid == 0:
            python.PyOS_AfterFork_Child()
            return 0, None
        python.PyOS_AfterFork_Parent()
    _check(pid, error)
    return pid, _Group(pointer.value, None)


def probe():
    """What each backend can do here: a list of Verdict, strongest first."""
    verdicts = (_Verdict * 4)()
    count = _call("probe", None, verdicts, 4)
    return [Verdict(_lib.contain_backend_name(verdict.backend).decode(),
                    bool(verdict.usable),
                    _lib.contain_guarantee_name(verdict.guarantee).decode(),
                    _lib.contain_reach_name(verdict.reach).decode(),
                    verdict.mechanism.decode(), verdict.step.decode(),
                    verdict.reason.decode(), verdict.remedy.decode())
            for verdict in verdicts[:count]]
