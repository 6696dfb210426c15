"""The filter that keeps a student's code from starting anything beside itself, as the kernel reads it (classic BPF).

Bubblewrap takes the filter from a descriptor (`--seccomp`). No new process and no new thread: RLIMIT_NPROC does not
count for root, and nothing in an exercise needs a second one. Besides, whatever makes memory that RLIMIT_AS does not
count, sockets (some kinds know nothing of network namespaces), doors of the kernel that calculation never uses, and
whatever puts pages of the shared, read-only files into the machine's memory, or tells which are there: a message.

Nor can it end itself as the kernel ends whom it has no memory for: by SIGKILL, by a limit, timer, signal of a file or
filter of its own that sends one, or by the exit status by which bubblewrap reports one. So whoever is found killed was
killed from outside.
"""

from __future__ import annotations

import errno
import platform
import struct

__all__ = ["ARCHITECTURES", "REFUSED", "REFUSED_WITH", "program"]

WHOLE, SIGKILL = 0xFFFFFFFF, 9
# The numbers of the calls on the two architectures whose numbers we know.
REFUSED: dict[str, dict[str, int]] = {
    "x86_64": {
        **{"clone": 56, "fork": 57, "vfork": 58, "clone3": 435},
        **{"shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240, "memfd_create": 319, "memfd_secret": 447},
        **{"socket": 41, "socketpair": 53, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427},
        **{"ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "perf_event_open": 298, "bpf": 321},
        **{"mount": 165, "umount2": 166, "pivot_root": 155, "unshare": 272, "setns": 308, "userfaultfd": 323},
        **{"add_key": 248, "request_key": 249, "keyctl": 250, "open_by_handle_at": 304},
        **{"pidfd_getfd": 438, "kcmp": 312, "timer_create": 222, "seccomp": 317},
        **{"fadvise64": 221, "readahead": 187, "mincore": 27, "cachestat": 451, "preadv2": 327},
        **{"init_module": 175, "finit_module": 313, "kexec_load": 246, "kexec_file_load": 320},
    },
    "aarch64": {
        **{"clone": 220, "clone3": 435},
        **{"shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180, "memfd_create": 279, "memfd_secret": 447},
        **{"socket": 198, "socketpair": 199, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427},
        **{"ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "perf_event_open": 241, "bpf": 280},
        **{"mount": 40, "umount2": 39, "pivot_root": 41, "unshare": 97, "setns": 268, "userfaultfd": 282},
        **{"add_key": 217, "request_key": 218, "keyctl": 219, "open_by_handle_at": 265},
        **{"pidfd_getfd": 438, "kcmp": 272, "timer_create": 107, "seccomp": 277},
        **{"fadvise64": 223, "readahead": 213, "mincore": 232, "cachestat": 451, "preadv2": 286},
        **{"init_module": 105, "finit_module": 273, "kexec_load": 104, "kexec_file_load": 294},
    },
}
# Those that are refused only if one of their arguments, of which the bits in a mask count, is a certain number.
REFUSED_WITH: dict[str, tuple[int, int, int, tuple[int, int]]] = {
    # name: argument, mask, number, the call's numbers on x86_64 and on aarch64
    **{"kill": (1, WHOLE, SIGKILL, (62, 129)), "tkill": (1, WHOLE, SIGKILL, (200, 130))},
    **{"tgkill": (2, WHOLE, SIGKILL, (234, 131)), "pidfd_send_signal": (1, WHOLE, SIGKILL, (424, 424))},
    **{"rt_sigqueueinfo": (1, WHOLE, SIGKILL, (129, 138)), "rt_tgsigqueueinfo": (2, WHOLE, SIGKILL, (297, 240))},
    **{"fcntl": (1, WHOLE, 10, (72, 25)), "prctl": (0, WHOLE, 22, (157, 167))},  # F_SETSIG, PR_SET_SECCOMP
    **{"setrlimit": (0, WHOLE, 0, (160, 164)), "prlimit64": (1, WHOLE, 0, (302, 261))},  # RLIMIT_CPU
    **{"exit_group": (0, 0xFF, 128 + SIGKILL, (231, 94)), "exit": (0, 0xFF, 128 + SIGKILL, (60, 93))},
}
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_…, as the kernel names them in a filter
X32 = 0x40000000  # the bit of x86-64's second set of numbers, by which a filter could be walked around

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # where they stand in struct seccomp_data


def _line(code: int, value: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, jump_true, jump_false, value)


def program(machine: str | None = None) -> bytes | None:
    """Return the filter for a machine (this one), or None for one whose numbers are not known here.

    >>> len(program("x86_64")) % 8, program("pdp11")
    (0, None)
    """
    machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(name := machine or platform.machine(), name)
    if machine not in REFUSED:
        return None
    lines = [
        _line(LOAD, ARCHITECTURE),
        _line(EQUAL, ARCHITECTURES[machine], 1, 0),
        _line(RETURN, KILL),
        _line(LOAD, NUMBER),
    ]
    if machine == "x86_64":
        lines += [_line(AT_LEAST, X32, 0, 1), _line(RETURN, REFUSE | errno.ENOSYS)]
    for call, number in REFUSED[machine].items():
        # The C library takes "there is no such call" as the word to try the older clone, which is refused as well.
        refusal = errno.ENOSYS if call == "clone3" else errno.EPERM
        lines += [_line(EQUAL, number, 0, 1), _line(RETURN, REFUSE | refusal)]
    for argument, mask, value, numbers in REFUSED_WITH.values():
        lines += [
            _line(EQUAL, numbers[list(REFUSED).index(machine)], 0, 5),
            _line(LOAD, ARGUMENTS + 8 * argument),
            _line(AND, mask),
            _line(EQUAL, value, 0, 1),
            _line(RETURN, REFUSE | errno.EPERM),
            _line(LOAD, NUMBER),
        ]
    return b"".join([*lines, _line(RETURN, ALLOW)])
