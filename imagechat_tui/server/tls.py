"""Certificates: the operator's own, or one of our making for development; never turns verification off.

``--dev-cert`` keeps a CA and a leaf in the data directory. Clients are given the CA's path; the CA's key never signs
anything but this leaf and is forgotten at once; the leaf's key has mode 0600.
"""

import ipaddress
import os
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from imagechat_tui.errors import UserError
from imagechat_tui.i18n import _

CA_FILE: Final = "dev-ca.pem"
_CERT_FILE: Final = "dev-cert.pem"
_KEY_FILE: Final = "dev-key.pem"
_CA_DAYS: Final = 825
_LEAF_DAYS: Final = 397
"""Longer-lived leaves are refused by some systems."""
_RENEW_DAYS: Final = 30


def context(cert: Path, key: Path | None) -> ssl.SSLContext:
    """TLS 1.2 and newer with this certificate.

    Raises:
        UserError: A file cannot be read, or certificate and key do not belong together.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    try:
        made.load_cert_chain(cert, key)
    except OSError as problem:  # ssl.SSLError is one
        raise UserError(
            _(
                "cannot use the certificate {cert}: {reason}; give --tls-cert and --tls-key two readable PEM files "
                "that belong together"
            ).format(cert=cert, reason=problem.strerror or problem)
        ) from problem
    return made


def dev_files(directory: Path, *, host: str, now: datetime | None = None) -> tuple[Path, Path, Path]:
    """CA, certificate and key of our own making, made or renewed when needed; also good for ``host``.

    Raises:
        UserError: The directory cannot be written.
    """
    ca, cert, key = directory / CA_FILE, directory / _CERT_FILE, directory / _KEY_FILE
    now = now or datetime.now(UTC)
    if not _still_good(ca, cert, key, host=host, now=now):
        try:
            _make(ca, cert, key, host=host, now=now)
        except OSError as problem:
            raise UserError(
                _("cannot write the development certificate into {folder}: {reason}").format(
                    folder=directory, reason=problem.strerror
                )
            ) from problem
    return ca, cert, key


def _still_good(ca: Path, cert: Path, key: Path, *, host: str, now: datetime) -> bool:
    if not (ca.exists() and cert.exists() and key.exists()):
        return False
    try:
        leaf = x509.load_pem_x509_certificate(cert.read_bytes())
    except (OSError, ValueError):
        return False
    if leaf.not_valid_after_utc - now < timedelta(days=_RENEW_DAYS):
        return False
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return _name(host) in list(names)


def _make(ca_file: Path, cert_file: Path, key_file: Path, *, host: str, now: datetime) -> None:
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "imagechat development CA")])
    ca = (
        _builder(ca_name, ca_name, ca_key.public_key(), now, days=_CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    names = dict.fromkeys(_name(name) for name in ("localhost", "127.0.0.1", "::1", socket.gethostname(), host))
    leaf = (
        _builder(x509.Name([]), ca_name, key.public_key(), now, days=_LEAF_DAYS)
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    _write(ca_file, ca.public_bytes(pem), mode=0o644)
    _write(cert_file, leaf.public_bytes(pem) + ca.public_bytes(pem), mode=0o644)
    _write(
        key_file,
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        mode=0o600,
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, *, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode() if not host.isascii() else host)


def _write(path: Path, data: bytes, *, mode: int) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    fresh.replace(path)
