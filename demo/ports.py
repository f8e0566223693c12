"""Ports on the loopback interface that nobody listens on now."""

import socket


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """Ports on the loopback interface that nobody listens on now."""
    sockets = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for opened in sockets:
            opened.bind(("127.0.0.1", 0))
        return [opened.getsockname()[1] for opened in sockets]
    finally:
        for opened in sockets:
            opened.close()
