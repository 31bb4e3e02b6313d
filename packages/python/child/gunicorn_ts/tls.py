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

    def set_alpn_protocols(self, protocols: Any) -> None:
        # What else it names no client could get anyway.
        if "http/1.1" not in protocols:
            raise refused(f"the protocols {', '.join(protocols)} alone")
        super().set_alpn_protocols(protocols)

    def set_ecdh_curve(self, name: Any) -> None:
        raise refused("a curve")

    def load_dh_params(self, path: Any) -> None:
        raise refused("parameters of Diffie-Hellman")


VERSIONS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
FORBIDDEN = {
    "TLSv1": ssl.OP_NO_TLSv1,
    "TLSv1.1": ssl.OP_NO_TLSv1_1,
    "TLSv1.2": ssl.OP_NO_TLSv1_2,
    "TLSv1.3": ssl.OP_NO_TLSv1_3,
}
NODES = {"tls_min_version": "TLSv1.2", "tls_max_version": "TLSv1.3"}
# What Node.js has no setting for, and a hook may have changed.
UNSPEAKABLE = ("sni_callback", "verify_flags", "keylog_filename", "post_handshake_auth")


def refused(what: str) -> LoadError:
    message = (
        f"ssl_context asks for {what}, which cannot be honoured: TLS ends in Node.js; use the settings certfile, "
        "keyfile, ca_certs, cert_reqs, ciphers, tls_min_version and tls_max_version, or "
        "sslContext(settings, options) in gunicorn.conf.ts"
    )
    return LoadError("import-error", message)


def versions_of(context: ssl.SSLContext) -> Dict[str, Any]:
    """The range of versions, where the hook has made it another than the default. Node.js speaks 1.2 and 1.3."""
    lowest, highest = context.minimum_version, context.maximum_version
    allowed = [
        name
        for name, version in VERSIONS.items()
        if (lowest == ssl.TLSVersion.MINIMUM_SUPPORTED or lowest <= version)
        and (highest == ssl.TLSVersion.MAXIMUM_SUPPORTED or version <= highest)
        and not context.options & FORBIDDEN[name]
    ]
    if not allowed:
        raise refused("no version of TLS")
    names = list(VERSIONS)
    if len(allowed) != names.index(allowed[-1]) - names.index(allowed[0]) + 1:
        raise refused(f"{' and '.join(allowed)} without what is between")
    return {"tls_min_version": allowed[0], "tls_max_version": allowed[-1]}


def settings_of(hook: Callable[[Any, Callable[[], ssl.SSLContext]], Any], cfg: Config) -> Dict[str, Any]:
    """The settings that say what the context does that the hook returns."""

    def make_default() -> ssl.SSLContext:
        context = RecordedContext(ssl.PROTOCOL_TLS_SERVER)
        context.given = {}
        for end in ("min", "max"):
            chosen = chosen_version(cfg, end)
            if chosen:
                setattr(context, f"{end}imum_version", VERSIONS[chosen])
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
    for name in UNSPEAKABLE:
        found = getattr(context, name)
        if found != getattr(untouched, name):
            raise refused(f"{name} = {getattr(found, 'name', found)}")
    versions = versions_of(context)
    # The default of Python's OpenSSL may be another than that of Node.js, and nobody has asked for it.
    is_usual = versions == NODES and not (chosen_version(cfg, "min") or chosen_version(cfg, "max"))
    changed = {} if is_usual or versions == versions_of(untouched) else versions
    return {**context.given, **changed, "cert_reqs": int(context.verify_mode)}


def chosen_version(cfg: Config, end: str) -> Any:
    return cfg.snapshot().get(f"tls_{end}_version")
