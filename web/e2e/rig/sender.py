"""Sends the Ethernet frames that come on standard input; started inside the far end's namespace.

A record is a head and a frame. The head: length of the frame, when to send it (seconds since 1970; what is in the past
goes at once), and whether to print a line with the time when it was sent. Python, because Node has no packet sockets.
"""

import socket
import struct
import sys
import time

HEAD = struct.Struct("<Id?")


def main(interface: str) -> None:
    records = sys.stdin.buffer
    # An end without addresses of its own says nothing.
    with open("/proc/sys/net/ipv6/conf/default/disable_ipv6", "w", encoding="ascii") as switch:
        switch.write("1")
    print("ready", flush=True)
    # The wire is laid once this namespace is there.
    records.readline()
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    # A whole burst fits: a full queue would make the sender wait, and late.
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_194_304)
    wire.bind((interface, 0))
    while head := records.read(HEAD.size):
        length, due, told = HEAD.unpack(head)
        frame = records.read(length)
        wait = due - time.time()
        if wait > 0:
            time.sleep(wait)
        sent_at = time.time()
        wire.send(frame)
        if told:
            print(f"sent {sent_at:.6f}", flush=True)


main(sys.argv[1])
