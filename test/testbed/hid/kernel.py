"""The kernel's part of the virtual HID bus: hidraw nodes of umockdev, and the device's side of each.

Started by testbed.ts. One JSON object a line on both ways:

  in   {"plug": NAME, "vendorId", "productId", "serialNumber", "manufacturer", "product", "descriptor": hex}
       {"unplug": NAME}   {"permit": NAME, "isAllowed": bool}   {"report": NAME, "hex"}
  out  {"root": DIR}   {"plugged": NAME, "path"}   {"unplugged": NAME}   {"permitted": NAME}   {"wrote": NAME, "hex"}
       {"trouble": text}

umockdev makes each node a pseudo terminal, a stream of bytes. A real hidraw node gives one report a read, holds nothing while nobody
has it open, and never gives a node's number to another device while the old one is held. All three are kept up here.
"""

import json
import os
import select
import struct
import sys
import termios

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402

# How often an unread report or a node that nobody has open is looked at again.
LOOK_AGAIN_MS = 2
RING = 64  # reports that hidraw keeps for a slow reader; more are lost (drivers/hid/hidraw.c)
DESCRIPTOR_MAX = 4096  # HID_MAX_DESCRIPTOR_SIZE
BLOCK = 4096

testbed = UMockdev.Testbed.new()
root = testbed.get_root_dir()
devices = {}
numbers = iter(range(10_000))


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Device:
    def __init__(self, name, want):
        self.name = name
        number = next(numbers)
        node = f"hidraw{number}"
        ids = f"{want['vendorId']:04X}:{want['productId']:04X}"
        descriptor = bytes.fromhex(want["descriptor"])
        usb = f"/devices/pci0000:00/usb1/1-{number + 1}"
        interface = f"{usb}/1-{number + 1}:1.0"
        hid = f"{interface}/0003:{ids}.{number + 1:04X}"
        raw = f"{hid}/hidraw/{node}"
        serial = want.get("serialNumber", "")
        # The innermost goes first when the plug is pulled.
        self.parts = [f"/sys{part}" for part in (raw, hid, interface, usb)]
        attributes = {
            "idVendor": f"{want['vendorId']:04x}",
            "idProduct": f"{want['productId']:04x}",
            "bcdDevice": "0100",
            "manufacturer": want.get("manufacturer", ""),
            "product": want.get("product", ""),
            "serial": serial,
        }
        lines = [
            f"P: {usb}",
            "E: SUBSYSTEM=usb",
            "E: DEVTYPE=usb_device",
            *(f"A: {key}={value}" for key, value in attributes.items() if value),
            "",
            f"P: {interface}",
            "E: SUBSYSTEM=usb",
            "E: DEVTYPE=usb_interface",
            "A: bInterfaceNumber=00",
            "",
            f"P: {hid}",
            "E: SUBSYSTEM=hid",
            f"E: HID_ID=0003:{want['vendorId']:08X}:{want['productId']:08X}",
            f"E: HID_NAME={want.get('product', 'HID')}",
            f"E: HID_UNIQ={serial}",
            f"H: report_descriptor={descriptor.hex().upper()}",
            "",
            f"P: {raw}",
            f"N: {node}",
            f"L: device=../../../{os.path.basename(hid)}",
            "E: SUBSYSTEM=hidraw",
            f"E: DEVNAME=/dev/{node}",
            "E: MAJOR=242",
            f"E: MINOR={number}",
            "",
        ]
        self.path = f"/dev/{node}"
        size = struct.pack("<I", len(descriptor)).hex().upper()
        padded = (descriptor + bytes(DESCRIPTOR_MAX - len(descriptor))).hex().upper()
        ioctls = os.path.join(root, f"{node}.ioctl")
        with open(ioctls, "w", encoding="ascii") as file:
            file.write(f"@DEV {self.path}\nHIDIOCGRDESCSIZE 0 {size}\nHIDIOCGRDESC 0 {size}{padded}\n")
        # Before the node is there: who opens it at once must be answered.
        testbed.load_ioctl(self.path, ioctls)
        testbed.add_from_string("\n".join(lines))
        self.fd = testbed.get_dev_fd(self.path)
        os.set_blocking(self.fd, False)
        self.terminal = os.readlink(root + self.path)
        self.unread = []
        self.was_open = False

    def is_open(self):
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        return not any(flags & select.POLLHUP for _, flags in poll.poll(0))

    def with_terminal(self, act):
        """The host's side, for a moment: what lies there unread is known there only."""
        try:
            terminal = os.open(self.terminal, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return None
        try:
            return act(terminal)
        finally:
            os.close(terminal)

    def has_unread(self):
        """poll, unlike FIONREAD, first takes what the terminal still has on its way (n_tty_poll in drivers/tty/n_tty.c)."""

        def look(terminal):
            poll = select.poll()
            poll.register(terminal, select.POLLIN)
            return bool(poll.poll(0))

        return self.with_terminal(look) or False

    def report(self, data):
        if len(self.unread) < RING:
            self.unread.append(data)

    def tend(self):
        """Passes what was written, and the next report when the last one has been read."""
        is_open = self.is_open()
        if self.was_open and not is_open:
            self.with_terminal(lambda terminal: termios.tcflush(terminal, termios.TCIFLUSH))
        self.was_open = is_open
        # Also after the host has closed: its last words may lie there still.
        try:
            written = os.read(self.fd, BLOCK)
        except OSError:
            written = b""
        if written:
            say({"wrote": self.name, "hex": written.hex()})
        if not is_open:
            self.unread.clear()
        elif self.unread and not self.has_unread():
            os.write(self.fd, self.unread.pop(0))

    def permit(self, is_allowed):
        os.chmod(self.terminal, 0o600 if is_allowed else 0o000)

    def unplug(self):
        # As in the kernel: the node goes first, then whoever holds it is told.
        os.unlink(root + self.path)
        for part in self.parts:
            testbed.remove_device(part)
        os.close(self.fd)


def obey(line):
    message = json.loads(line)
    if "plug" in message:
        name = message["plug"]
        devices[name] = Device(name, message)
        say({"plugged": name, "path": devices[name].path})
    elif "unplug" in message:
        devices.pop(message["unplug"]).unplug()
        say({"unplugged": message["unplug"]})
    elif "permit" in message:
        devices[message["permit"]].permit(message["isAllowed"])
        say({"permitted": message["permit"]})
    elif "report" in message:
        device = devices.get(message["report"])
        if device:
            device.report(bytes.fromhex(message["hex"]))


def main():
    say({"root": root})
    source = sys.stdin.fileno()
    rest = b""
    while True:
        select.select([source], [], [], LOOK_AGAIN_MS / 1000)
        if select.select([source], [], [], 0)[0]:
            chunk = os.read(source, 65536)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                try:
                    obey(line)
                except Exception as trouble:  # told to whoever asked, who then fails
                    say({"trouble": f"{line.decode()[:80]}: {trouble}"})
        for device in list(devices.values()):
            device.tend()


try:
    main()
finally:
    # umockdev takes its folder away when the testbed goes, and wants to find all of it there.
    for leftover in devices.values():
        leftover.unplug()
    del testbed
