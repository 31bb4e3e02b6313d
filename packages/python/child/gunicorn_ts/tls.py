"""The hook `ssl_context`. TLS ends in Node.js: what the hook does to its context is read, and becomes settings."""

from __future__ import annotations

import ssl
from typing import Any, Callable, Dict

from .config import Config
from .load import LoadError


class RecordedContext(ssl.SSLContext):
    """Notes what it is given, where Python does not tell afterwards."""

    given: Dict[str, Any]

    def load_cert_chain(self, certfile: Any, keyfile: Any = None, password: Any = None) -> None:
        if password is not None:
            raise refused("a password of a key")
        super().load_cert_chain(certfile, keyfile)
        self.given["certfile"] = str(certfile)
        self.given["keyfile"] = str(keyfile if keyfile is not None else certfile)

    def load_verify_locations(self, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        if cafile is None:
            raise refused("authorities that are not in a file")
        super().load_verify_locations(cafile)
        self.given["ca_certs"] = str(cafile)

    def set_ciphers(self, ciphers: str) -> None:
        super().set_ciphers(ciphers)
        self.given["ciphers"] = ciphers


def refused(what: str) -> LoadError:
    message = (
        f"ssl_context asks for {what}, which cannot be honoured: TLS ends in Node.js; use the settings certfile, "
        "keyfile, ca_certs, cert_reqs and ciphers, or sslContext(settings, options) in gunicorn.conf.ts"
    )
    return LoadError("import-error", message)


def settings_of(hook: Callable[[Any, Callable[[], ssl.SSLContext]], Any], cfg: Config) -> Dict[str, Any]:
    """The settings that say what the context does that the hook returns."""

    def make_default() -> ssl.SSLContext:
        context = RecordedContext(ssl.PROTOCOL_TLS_SERVER)
        context.given = {}
        if cfg.ca_certs:
            context.load_verify_locations(cfg.ca_certs)
        context.load_cert_chain(cfg.certfile, cfg.keyfile)
        context.verify_mode = ssl.VerifyMode(cfg.cert_reqs or 0)
        if cfg.ciphers:
            context.set_ciphers(cfg.ciphers)
        return context

    untouched = make_default()
    context = hook(cfg, make_default)
    if not isinstance(context, RecordedContext):
        raise refused(f"a context of its own ({type(context).__name__})")
    for name in ("minimum_version", "maximum_version", "sni_callback"):
        found = getattr(context, name)
        # Node.js speaks TLS 1.2 and newer by itself.
        if found != getattr(untouched, name) and (name, found) != ("minimum_version", ssl.TLSVersion.TLSv1_2):
            raise refused(f"{name} = {getattr(found, 'name', found)}")
    return {**context.given, "cert_reqs": int(context.verify_mode)}
