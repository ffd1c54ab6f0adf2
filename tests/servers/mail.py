"""A real mail pair on loopback: Postfix takes mail by SMTP and hands it to Dovecot, which shows it by IMAP.

Nothing leaves the machine. By hand, as root, from the top folder: `python -m tests.servers.mail DIR` starts the pair
in an empty folder, prints the settings as JSON and stops it again on Ctrl-C.
"""

import json
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from salur.channels.ports import AccountView

PASSWORD = "rahasia"
USERS = {"opd": "opd@lampung.test", "warga": "warga@warga.test"}
DOMAINS = ("lampung.test", "warga.test")
START_SECONDS = 20
_DOVECOT = """
base_dir = {root}/dovecot/run
state_dir = {root}/dovecot/run
log_path = {root}/dovecot/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/tls/cert.pem
ssl_key = <{root}/tls/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{root}/dovecot/home/%n/Maildir
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
mail_max_userip_connections = 100
auth_failure_delay = 0
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {root}/dovecot/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={root}/dovecot/home/%n
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener auth {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
"""
_POSTFIX = """
compatibility_level = 3.6
queue_directory = {root}/postfix/spool
data_directory = {root}/postfix/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.lampung.test
mydomain = lampung.test
myorigin = lampung.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
local_header_rewrite_clients =
alias_maps =
alias_database =
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
recipient_delimiter = +
smtpd_tls_cert_file = {root}/tls/cert.pem
smtpd_tls_key_file = {root}/tls/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_sasl_auth_enable = yes
smtpd_recipient_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_error_sleep_time = 0
message_size_limit = 31457280
mailbox_size_limit = 0
default_transport = error:outside mail disabled
maillog_file = {root}/postfix/log/mail.log
maillog_file_prefixes = {root}
"""


def missing() -> str:
    """Why the pair cannot run here; "" when it can."""
    absent = [name for name in ("dovecot", "postfix", "openssl") if shutil.which(name) is None]
    if absent:
        return f"no {', '.join(absent)} here (Debian: dovecot-imapd dovecot-lmtpd postfix openssl)"
    return "" if os.geteuid() == 0 else "the mail pair has to be started as root"


@dataclass
class MailPair:
    """The running pair. Users opd (opd@lampung.test) and warga (warga@warga.test), both with PASSWORD."""

    root: Path
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def ca_file(self) -> str:
        return str(self.root / "tls" / "cert.pem")

    @property
    def log(self) -> Path:
        return self.root / "postfix" / "log" / "mail.log"

    def account_settings(self, security: str = "starttls", **more: Any) -> dict[str, Any]:
        """Settings of an e-mail account of ours, for "tls", "starttls" or "plain"."""
        imap, smtp = ("imaps", "smtps") if security == "tls" else ("imap", "smtp")
        return {
            "imap_host": "localhost",
            "imap_port": self.ports[imap],
            "imap_security": security,
            "smtp_host": "localhost",
            "smtp_port": self.ports[smtp],
            "smtp_security": security,
            "ca_file": self.ca_file,
            "from_name": "Dinas Kesehatan",
            **more,
        }

    def credentials(self, user: str = "opd") -> dict[str, str]:
        return {"username": user, "password": PASSWORD}

    def account(self, user: str = "opd", security: str = "starttls", **more: Any) -> AccountView:
        """The whole account as a platform sees it."""
        return AccountView(1, "email", USERS[user], self.account_settings(security, **more), self.credentials(user))

    def deliver(self, octets: bytes, to: str = USERS["opd"], sender: str = USERS["warga"]) -> None:
        """Hand these octets to Postfix; `sender` is the envelope sender, "" for none."""
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"], timeout=30) as server:
            server.sendmail(sender, [to], octets)

    def write(self, text: str, subject: str = "", to: str = USERS["opd"], **fields: str) -> None:
        """Warga writes a plain mail; `fields` are more header fields, with _ for -."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = f"Warga <{USERS['warga']}>", to, subject
        for name, value in fields.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        self.deliver(message.as_bytes(), to)

    def mails(self, user: str, at_least: int = 0, seconds: float = 15) -> list[bytes]:
        """What lies in the user's mailbox now, oldest first; waits until there are `at_least` so many."""
        until = time.monotonic() + seconds
        while True:
            with MailBoxUnencrypted("127.0.0.1", self.ports["imap"], timeout=10).login(user, PASSWORD) as box:
                found = [m.obj.as_bytes() for m in box.fetch(mark_seen=False)]
            if len(found) >= at_least or time.monotonic() > until:
                return found
            time.sleep(0.1)

    def empty(self, user: str) -> None:
        """Remove all mail of this user."""
        with MailBoxUnencrypted("127.0.0.1", self.ports["imap"], timeout=10).login(user, PASSWORD) as box:
            box.delete(box.uids())

    def start(self) -> None:
        """Write the configuration under `root` and start both; raises RuntimeError with the log when they do not."""
        for name in (
            "dovecot/run",
            "dovecot/home",
            "postfix/etc",
            "postfix/spool",
            "postfix/data",
            "postfix/log",
            "tls",
        ):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o755)
        self.ports = dict(zip(("imap", "imaps", "lmtp", "sasl", "smtp", "smtps"), free_ports(6), strict=True))
        _certificate(self.root / "tls")
        self._write_dovecot()
        self._write_postfix()
        _run("dovecot", "-c", str(self.root / "dovecot/dovecot.conf"))
        _run("postfix", "-c", str(self.root / "postfix/etc"), "start")
        for port in self.ports.values():
            _await_port(port)

    def stop(self) -> None:
        """Stop both by the process ids they wrote down."""
        pid_file = self.root / "dovecot/run/master.pid"
        if pid_file.exists():
            os.kill(int(pid_file.read_text()), signal.SIGTERM)
        subprocess.run(["postfix", "-c", str(self.root / "postfix/etc"), "stop"], check=False, capture_output=True)

    def _write_dovecot(self) -> None:
        home = self.root / "dovecot/home"
        shutil.chown(home, "nobody", "nogroup")
        (self.root / "dovecot").chmod(0o755)
        (self.root / "dovecot/users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in USERS))
        (self.root / "dovecot/dovecot.conf").write_text(_DOVECOT.format(root=self.root, **self.ports))

    def _write_postfix(self) -> None:
        etc = self.root / "postfix/etc"
        template = next(p for p in map(Path, _MASTER_FILES) if p.exists())
        lines = [_unjailed(line) for line in template.read_text().splitlines()]
        listeners = [f"127.0.0.1:{self.ports['smtp']} inet n - n - - smtpd"]
        listeners += [f"127.0.0.1:{self.ports['smtps']} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes"]
        (etc / "master.cf").write_text("\n".join([*lines, *listeners, ""]))
        (etc / "main.cf").write_text(_POSTFIX.format(root=self.root, domains=", ".join(DOMAINS), **self.ports))
        shutil.chown(self.root / "postfix/data", "postfix", "postfix")


_MASTER_FILES = ("/usr/share/postfix/master.cf.dist", "/etc/postfix/master.cf")


def _unjailed(line: str) -> str:
    """The service without chroot; the public SMTP port is left out."""
    words = line.split()
    if len(words) < 8 or line[0].isspace() or line.startswith("#"):
        return line
    if words[:2] == ["smtp", "inet"]:
        return ""
    return " ".join([*words[:4], "n", *words[5:]])


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on just now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def _certificate(folder: Path) -> None:
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"]
    _run(*request, "-addext", names, "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))


def _run(*command: str) -> None:
    # A file, not a pipe: a daemon keeps the pipe open and would hold us until it ends.
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
        told.seek(0)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed: {told.read().decode(errors='replace')}")


def _await_port(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise RuntimeError(f"nothing listens on port {port} after {START_SECONDS} seconds") from None
            time.sleep(0.1)


@pytest.fixture(scope="session")
def mail_pair() -> Iterator[MailPair]:
    """One pair for the whole run; skips with the reason where it cannot be started."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    # A short path that other users may enter: sockets have short names, and the servers drop their rights.
    root = Path(tempfile.mkdtemp(prefix="salur-mail-", dir="/tmp"))
    pair = MailPair(root)
    try:
        pair.start()
        yield pair
    finally:
        pair.stop()
        shutil.rmtree(root, ignore_errors=True)


def main(folder: str) -> int:
    """Start the pair in this folder, print its settings, stop it on Ctrl-C or SIGTERM."""
    reason = missing()
    if reason:
        sys.stderr.write(reason + "\n")
        return 1
    pair = MailPair(Path(folder).resolve())
    pair.root.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        pair.start()
        shown: dict[str, Any] = {
            "address": USERS["opd"],
            "settings": pair.account_settings(),
            "credentials": pair.credentials(),
        }
        shown |= {"ports": pair.ports, "users": USERS, "log": str(pair.log)}
        sys.stdout.write(json.dumps(shown, indent=2) + "\n")
        sys.stdout.flush()
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        pair.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else "usage: python -m tests.servers.mail DIR")
