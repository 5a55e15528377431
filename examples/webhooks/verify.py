import base64
import hashlib
import hmac
import time

TOLERANCE_SECONDS = 5 * 60


def verify_webhook(secret, headers, body, now=None):
    """Checks that a request comes from your hub (Standard Webhooks 1.0); raises ValueError when not.

    secret: the endpoint's, "whsec_..."; headers: a mapping, names in any case; body: the bytes as received, b"" for GET.
    """
    given = {name.lower(): value for name, value in headers.items()}
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        if name not in given:
            raise ValueError(f"the request has no {name}")
    timestamp = given["webhook-timestamp"]
    seconds = time.time() if now is None else now
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(seconds - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("webhook-timestamp is not within 5 minutes of now")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{given['webhook-id']}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    # While a secret is rotated there are several, each by one of the live secrets.
    signatures = given["webhook-signature"].encode().split(b" ")
    if not any([hmac.compare_digest(signature, expected) for signature in signatures]):
        raise ValueError("webhook-signature does not match")
