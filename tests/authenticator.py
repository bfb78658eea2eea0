"""An authenticator in software, as a device has one in hardware: it makes keys and signs challenges (WebAuthn)."""

import hashlib
import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw):
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(sent):
    return urlsafe_b64decode(sent + "=" * (-len(sent) % 4))


class Authenticator:
    def __init__(self, origin, *, verified=True):
        self.origin = origin
        self.id = os.urandom(32)
        self.count = 0
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._flags = PRESENT | (VERIFIED if verified else 0)
        self._user = b""

    def make(self, options):
        """Return what a browser sends after navigator.credentials.create(options)."""
        options = json.loads(options)
        self._user = raw(options["user"]["id"])
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._sent({"clientDataJSON": text(client), "attestationObject": text(made)})

    def sign(self, options, *, challenge=None, user=None):
        """Return what a browser sends after navigator.credentials.get(options)."""
        options = json.loads(options)
        self.count += 1
        data = self._data(options["rpId"])
        client = self._client("webauthn.get", challenge or options["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        answer["userHandle"] = user or self._user
        return self._sent({name: text(value) for name, value in answer.items()})

    def _data(self, host, more=0):
        return hashlib.sha256(host.encode()).digest() + struct.pack(">BI", self._flags | more, self.count)

    def _client(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _sent(self, response):
        told = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "clientExtensionResults": {}}
        return json.dumps(told | {"response": response})
