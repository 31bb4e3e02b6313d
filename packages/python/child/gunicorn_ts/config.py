"""`server.cfg` and `worker.cfg`: every setting of Gunicorn by its name, with the value that the server uses."""

from __future__ import annotations

import grp
import os
import pwd
import re
from typing import Any, Dict, List, Tuple

from .conf_file import PARAMETERS, ConfFile

USUAL_LOGGER = "gunicorn.glogging.Logger"
# Gunicorn's settings that mean nothing here, with its defaults: hooks may look at them.
ABSENT: Dict[str, Any] = {
    "control_socket": None,
    "control_socket_disable": True,
    "control_socket_mode": 0o600,
    "default_proc_name": "gunicorn",
    "dirty_apps": [],
    "dirty_graceful_timeout": 30,
    "dirty_threads": 1,
    "dirty_timeout": 300,
    "dirty_workers": 0,
    "do_handshake_on_connect": False,
    "dogstatsd_tags": "",
    "enable_backlog_metric": False,
    "enable_stdio_inheritance": False,
    "http2_cleartext": "off",
    "http2_initial_window_size": 65535,
    "http2_max_concurrent_streams": 100,
    "http2_max_frame_size": 16384,
    "http2_max_header_list_size": 65536,
    "http_parser": "auto",
    "http_protocols": ["h1"],
    "paste": None,
    "protocol": "http",
    "raw_paste_global_conf": [],
    "sendfile": None,
    "spew": False,
    "ssl_version": 2,
    "statsd_host": None,
    "statsd_prefix": "",
    "suppress_ragged_eofs": True,
    "tmp_upload_dir": None,
    "uwsgi_allow_ips": ["127.0.0.1", "::1"],
}
# Until the settings are known.
FIRST: Dict[str, Any] = {
    "access_log_exclude": [],
    "access_log_format": "",
    "access_log_sample": 1,
    "access_log_slow": 1,
    "accesslog": None,
    "capture_output": False,
    "disable_redirect_access_to_syslog": False,
    "errorlog": "-",
    "log_format": "text",
    "logconfig": None,
    "logconfig_dict": {},
    "logconfig_json": None,
    "logger_class": USUAL_LOGGER,
    "loglevel": "info",
    "request_id_header": None,
    "syslog": False,
    "syslog_addr": "udp://localhost:514",
    "syslog_facility": "user",
    "syslog_prefix": None,
}
# Where our name is not Gunicorn's in camel case.
RENAMED = {
    "app": "wsgi_app",
    "logConfig": "logconfig",
    "logConfigJson": "logconfig_json",
    "logConfigDict": "logconfig_dict",
}
TLS = ("ca_certs", "cert_reqs", "certfile", "ciphers", "do_handshake_on_connect", "keyfile", "ssl_version")


class Setting:
    """One of `cfg.settings`."""

    def __init__(self, name: str, value: Any, default: Any = None) -> None:
        self.name = name
        self.value = value
        self.default = default
        self.section = "SSL" if name in TLS else ""

    def get(self) -> Any:
        return self.value

    def set(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"<gunicorn.config.{self.name} object with value {self.value!r}>"


class Config:
    """Attributes are settings; `set` changes one, which counts in `on_starting`."""

    settings: Dict[str, Setting]

    def __init__(self) -> None:
        self.__dict__["settings"] = {
            name: Setting(name, value, value) for name, value in {**ABSENT, **FIRST}.items()
        }

    def adopt(self, values: Dict[str, Any], conf: ConfFile) -> None:
        """The settings as the server has them; what no other language can hold is the file's own."""
        for key, value in values.items():
            if key != "loggerClass" or value is not None:
                self._put(setting_name(key), value)
        self._put("user", user_number(values.get("user")))
        self._put("group", group_number(values.get("group")))
        for name in ABSENT:
            if conf.names.get(name) is not None:
                self._put(name, conf.names[name])
        if conf.names.get("logconfig_dict"):
            self._put("logconfig_dict", conf.names["logconfig_dict"])
        given = conf.names.get("logger_class")
        if given is not None and not isinstance(given, str) and self.logger_class == USUAL_LOGGER:
            self._put("logger_class", given)
        for name in PARAMETERS:
            self._put(name, conf.hooks.get(name, do_nothing))

    def snapshot(self) -> Dict[str, Any]:
        return {name: setting.value for name, setting in self.settings.items()}

    def changes_since(self, before: Dict[str, Any]) -> Dict[str, Any]:
        return {
            name: setting.value
            for name, setting in self.settings.items()
            if setting.value is not before.get(name) and setting.value != before.get(name)
        }

    def set(self, name: str, value: Any) -> None:
        if name not in self.settings:
            raise AttributeError(f"No configuration setting for: {name}")
        self.settings[name].set(value)

    def __getattr__(self, name: str) -> Any:
        if name == "settings" or name not in self.settings:
            raise AttributeError(f"No configuration setting for: {name}")
        return self.settings[name].get()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.settings:
            raise AttributeError(f'Invalid access! Write cfg.set("{name}", …)')
        super().__setattr__(name, value)

    def _put(self, name: str, value: Any) -> None:
        if name in self.settings:
            self.settings[name].value = value
        else:
            self.settings[name] = Setting(name, value)

    @property
    def address(self) -> List[Any]:
        return [parse_address(bind) for bind in self.settings["bind"].get() or []]

    @property
    def uid(self) -> Any:
        return self.settings["user"].get()

    @property
    def gid(self) -> Any:
        return self.settings["group"].get()

    @property
    def proc_name(self) -> Any:
        own = self.settings["proc_name"].get() if "proc_name" in self.settings else None
        return own if own is not None else self.settings["default_proc_name"].get()

    @property
    def worker_class_str(self) -> str:
        return str(self.settings["worker_class"].get())

    @property
    def is_ssl(self) -> Any:
        return self.certfile or self.keyfile

    @property
    def ssl_options(self) -> Dict[str, Any]:
        return {name: self.settings[name].get() for name in TLS if name in self.settings}

    @property
    def env(self) -> Dict[str, str]:
        return dict(pair.split("=", 1) for pair in self.settings["raw_env"].get() or [])


def do_nothing(*_: object) -> None:
    """Where the file has no hook."""


def user_number(user: Any) -> int:
    """As Gunicorn has it: a number always, the server's own where none is given."""
    if user is None:
        return os.geteuid()
    return user if isinstance(user, int) else pwd.getpwnam(str(user)).pw_uid


def group_number(group: Any) -> int:
    if group is None:
        return os.getegid()
    return group if isinstance(group, int) else grp.getgrnam(str(group)).gr_gid


def setting_name(key: str) -> str:
    return RENAMED.get(key) or re.sub(r"[A-Z]", lambda found: "_" + found.group().lower(), key)


def parse_address(bind: str) -> Any:
    """As Gunicorn has it: a path, a descriptor's number, or host and port."""
    text = re.sub(r"^tcp://", "", bind)
    if text.startswith("unix:"):
        return re.sub(r"^unix:(//)?", "", text)
    if text.startswith("fd://"):
        return int(text[5:]) if text[5:].isdigit() else text
    return host_and_port(text)


def host_and_port(text: str) -> Tuple[str, int]:
    found = re.fullmatch(r"(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?", text)
    if found is None:
        return text, 8000
    host = found[1] if found[1] is not None else found[2]
    return host.lower(), int(found[3] or 8000)
